"""The console's addresses."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from festoon.console.views import (
    basket,
    campaigns,
    components,
    coupons,
    dashboard,
    flash,
    health,
    issues,
    offers,
    offers_verbs,
    reviews,
    sign,
    start,
    watch,
    webhooks,
    year,
)

app_name = "console"
urlpatterns = [
    path("", start.start, name="start"),
    path("town/", start.town, name="town"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/<str:code>/", campaigns.campaign, name="campaign"),
    path("campaigns/<str:code>/submit/", campaigns.submit, name="campaign-submit"),
    path("campaigns/<str:code>/approve/", campaigns.approve, name="campaign-approve"),
    path("offers/", offers.offer_list, name="offers"),
    path("offers/<str:code>/", offers.offer, name="offer"),
    path("offers/<str:code>/stop/", offers_verbs.stop, name="stop"),
    path("offers/<str:code>/lift/", offers_verbs.lift, name="lift"),
    path("offers/<str:code>/exclude/", offers_verbs.exclude, name="exclude"),
    path("coupons/<str:code>/", coupons.coupon, name="coupon"),
    path("coupons/<str:code>/issue/", issues.to_many, name="issue"),
    path("reviews/", reviews.inbox, name="inbox"),
    path("reviews/decide/", reviews.decide_all, name="decide-all"),
    path("reviews/seen/<int:number>/", reviews.seen, name="seen"),
    path("reviews/<int:number>/remark/", reviews.remark, name="remark"),
    path("reviews/<int:number>/", reviews.review, name="review"),
    path("reviews/<int:number>/decide/", reviews.decide, name="decide"),
    path("try/", basket.try_it, name="try"),
    path("try/case.yaml", basket.case_file, name="case"),
    path("try/exclude/", basket.exclude_pair, name="exclude-pair"),
    path("flash/", flash.flash, name="flash"),
    path("year/", year.year, name="year"),
    path("health/", health.health, name="health"),
    path("health/check/", health.check, name="health-check"),
    path("health/alarms/<int:number>/", health.see, name="alarm-seen"),
    path("jobs/<int:number>/<slug:verb>/", health.job, name="job"),
    path("webhooks/", webhooks.listing, name="webhooks"),
    path("webhooks/<int:number>/", webhooks.endpoint, name="webhook"),
    path("webhooks/<int:number>/<slug:verb>/", webhooks.act, name="webhook-act"),
    path("components/", components.components, name="components"),
    path("watch/", watch.watch, name="watch"),
    path("watch/end/", watch.end, name="watch-end"),
    path("sign-in/", sign.sign_in, name="sign-in"),
    path("sign-in/<slug:person>/<str:token>/", sign.sign_in_once, name="sign-in-once"),
    path("be/<slug:person>/", sign.be, name="be"),
    path("sign-out/", sign.sign_out, name="sign-out"),
    path("language/", set_language, name="language"),
]
