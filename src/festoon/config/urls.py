"""Which door answers which address."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

if "console" in settings.FESTOON_DOORS:
    handler400 = "festoon.console.views.not_read.not_read"
urlpatterns: list[URLPattern | URLResolver] = [
    path(address, include(f"festoon.{door}.urls"))
    for address, door in (("shop/", "shop"), ("", "console"))
    if door in settings.FESTOON_DOORS and find_spec(f"festoon.{door}") and find_spec(f"festoon.{door}.urls")
]
