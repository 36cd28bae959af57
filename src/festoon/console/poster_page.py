"""A campaign's poster: what was asked for, and what is therefore printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict

from festoon.base.words import Words
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.console.inputs import to_choose
from festoon.console.words import said
from festoon.offers import queries as offers
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.addresses import SCENE, page_of
from festoon.storefront.poster import PAPERS, Poster, Promise, chosen, days

PAPER, SCENE_AS_MADE = "a3", "poster"
FIRST = {"zh": Words("Chinese first", "中文在前"), "en": Words("English first", "英文在前")}
SCENE_TOLD = Words(
    "Scans are counted by it: another word for each place or print run. Small letters, digits, hyphens.",
    "扫码按场景统计，不同位置或批次可用不同场景名。可用小写字母、数字、连字符。",
)
ANYWHERE = Words("No store in particular", "不指定门店")


class PosterForm(forms.Form):
    """Size, language, where it will hang, and which offers stand on it."""

    def __init__(self, given: Any, *, viewer: Viewer, every: Sequence[Promise], first: str) -> None:
        super().__init__(given or {"paper": PAPER, "first": first, "scene": SCENE_AS_MADE})
        sizes = [(code, said(paper.name)) for code, paper in PAPERS.items()]
        languages = [(code, said(name)) for code, name in FIRST.items()]
        stores = [("", said(ANYWHERE)), *to_choose(catalog.stores(viewer))]
        rows = _told(every)
        self.fields |= {
            "paper": forms.ChoiceField(label=said(Words("Size", "尺寸")), choices=sizes),
            "first": forms.ChoiceField(label=said(Words("Languages", "语言")), choices=languages),
            "store": forms.ChoiceField(label=said(Words("Hangs in", "张贴门店")), choices=stores, required=False),
            "scene": forms.RegexField(
                SCENE, max_length=32, label=said(Words("Scene", "场景")), help_text=said(SCENE_TOLD), required=False
            ),
            "offer": forms.MultipleChoiceField(
                label=said(Words("Offers on it; none ticked: the best", "展示的优惠（不勾选则取最优）")), choices=rows,
                required=False, widget=forms.CheckboxSelectMultiple,
            ),
        }  # fmt: skip

    @property
    def asked(self) -> str:
        """The same as it stands in an address."""
        return urlencode([(name, value) for name in self.fields for value in self._listed(name)], doseq=True)

    def _listed(self, name: str) -> list[str]:
        value = self.cleaned_data.get(name) or []
        return [value] if isinstance(value, str) else list(value)


def _told(every: Sequence[Promise]) -> list[tuple[str, str]]:
    """What may stand on it, by name; by its code too where several have one name."""
    names = [said(one.called) for one in every]
    return [
        (one.code, name if names.count(name) == 1 else f"{name} · {one.code}")
        for one, name in zip(every, names, strict=True)
    ]


def form(request: HttpRequest, viewer: Viewer, every: Sequence[Promise], first: str) -> PosterForm:
    """What is asked for in the address; nothing asked: a small poster."""
    given: QueryDict | None = request.GET if "paper" in request.GET else None
    return PosterForm(given, viewer=viewer, every=every, first=first)


def poster(viewer: Viewer, campaign: Campaign, every: Sequence[Promise], asked: Mapping[str, Any], site: str) -> Poster:
    """The poster of a campaign as asked; `site` is how the shop's pages begin, as `https://shop.example`."""
    paper = PAPERS[asked["paper"]]
    store = catalog.stores(viewer).filter(code=asked["store"]).first() if asked["store"] else None
    path = page_of(campaign.code, scene=asked["scene"], store=asked["store"])
    return Poster(
        paper=paper, colour=campaign.colour, house=name_of(campaign.merchant), name=name_of(campaign),
        reason=Words(campaign.reason_en, campaign.reason_zh or campaign.reason_en), days=days(campaign),
        promises=chosen(every, asked["offer"], paper), link=f"{site}{path}", place=name_of(store) if store else None,
        sure=campaign.in_force, first=asked["first"],
    )  # fmt: skip


def context(campaign: Campaign, asked: PosterForm, every: Sequence[Promise], site: str) -> Mapping[str, Any]:
    """The page beside the poster: whether it may be printed yet, and whether its scene opens the coupons."""
    found = asked.cleaned_data if asked.is_valid() else {}
    where = {name: found.get(name, "") for name in ("scene", "store")}
    return {
        "campaign": campaign, "form": asked, "every": every, "shut": shut(campaign, where["scene"]),
        "link": f"{site}{page_of(campaign.code, **where)}",
    }  # fmt: skip


def shut(campaign: Campaign, scene: str) -> Sequence[str]:
    """The scenes in which alone the campaign's coupons are claimed, where this is none of them; else nothing."""
    live = [
        row.data for row in offers.live_releases(SYSTEM, "distribution") if row.data.get("campaign") == campaign.code
    ]
    open_in = [data.get("claim_scenes") or [] for data in live]
    if not live or any(not scenes or scene in scenes for scenes in open_in):
        return ()
    return sorted({each for scenes in open_in for each in scenes})
