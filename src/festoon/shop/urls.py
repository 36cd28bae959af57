"""The shopper's addresses. No shopper's id is ever in one."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from festoon.shop import views

app_name = "shop"
urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("language/", set_language, name="language"),
    path("enter/", views.enter, name="enter"),
    path("<slug:code>/", views.campaign, name="campaign"),
    path("<slug:code>/seen/", views.seen, name="seen"),
    path("<slug:code>/be/", views.be, name="be"),
    path("<slug:code>/claim/<slug:offer>/", views.claim, name="claim"),
]
