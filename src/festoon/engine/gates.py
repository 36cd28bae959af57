"""What keeps an offer from a cart before any amount is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from festoon.engine.facts import EYE, SUM, Availability, Facts, Held
from festoon.engine.offer import Offer, Terms
from festoon.engine.verdicts import VERDICTS, No
from festoon.engine.view import View

if TYPE_CHECKING:
    from festoon.engine.cart import Cart

NOT_HELD: Final = No("buyer", "not_held")
BY_EYE: Final = No("not_met", "by_eye")
GOODS_UNKNOWN: Final = No("not_met", "goods_unknown")


def refusal(cart: Cart, offer: Offer, goods: list[int], held: Held | None) -> No | None:
    """The first reason, in the order of verdicts, why the offer does not concern this cart now; None if it may."""
    facts = cart.facts
    if not offer.opens <= facts.at < offer.closes:
        late = offer.window.end is not None and facts.at >= offer.window.end
        return No("not_live", "ended" if late else "not_begun")
    found: list[No] = [No("stopped", "stopped")] if offer.stopped else []
    if offer.terms:
        found += _distributed(offer.terms, facts)
    if offer.gates:
        view = View(cart, -1, offer, goods, cart.start)
        found += [no for gate in offer.gates if (no := gate.check(view)) is not None]
    if offer.coupon:
        if held is None:
            found.append(NOT_HELD)
        elif held.expires is not None and facts.at >= held.expires:
            found.append(No("not_live", "coupon_ended"))
    if facts.only_sum and (unknown := _unknown(offer, facts)) is not None:
        found.append(unknown)
    available = facts.availability.get(offer.code)
    if available is not None:
        found += _gone(available, offer)
    return min(found, key=_place) if found else None


def _unknown(offer: Offer, facts: Facts) -> No | None:
    """What the sum of a purchase does not say, and nobody saw: None where there is nothing of the kind."""
    may = offer.staff_may_confirm and offer.asks <= EYE
    if offer.asks == SUM or (may and offer.code in facts.confirmed):
        return None
    return BY_EYE if may else GOODS_UNKNOWN


def _place(no: No) -> int:
    return VERDICTS.index(no.verdict)


def _distributed(terms: list[Terms], facts: Facts) -> list[No]:
    """Nothing when any distribution admits; else the refusal of the one that came nearest to it."""
    nearest: No | None = None
    for one in terms:
        no = kept_out(one, facts)
        if no is None:
            return []
        if nearest is None or _place(no) > _place(nearest):
            nearest = no
    return [nearest] if nearest is not None else []


def kept_out(terms: Terms, facts: Facts) -> No | None:
    """Why a distribution does not give its offers out to this cart; None where it does."""
    buyer = facts.buyer
    where: tuple[tuple[str, int | str], ...] = (("distribution", terms.code),)
    if not terms.window.holds(facts.at):
        return No("not_live", "distribution_window", details=where)
    if terms.channels and facts.channel not in terms.channels:
        return No("channel", "channel", details=where)
    if terms.scenes and facts.scene not in terms.scenes:
        return No("channel", "scene", details=where)
    if terms.stores and facts.store not in terms.stores:
        return No("channel", "store", details=where)
    if terms.buyers and buyer.id not in terms.buyers:
        return No("buyer", "not_recipient", details=where)
    if terms.segments and not (terms.segments & buyer.segments):
        return No("buyer", "not_recipient", details=where)
    return None


def _gone(available: Availability, offer: Offer) -> list[No]:
    found = []
    if available.uses == 0:
        found.append(No("limit", "uses"))
    if available.buyer_uses == 0:
        found.append(No("limit", "buyer_uses"))
    if available.units == 0 and not offer.benefit.stands_in():
        found.append(No("stock", "units"))
    if available.budget == 0:
        found.append(No("stock", "budget"))
    return found
