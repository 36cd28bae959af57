"""Money set aside for a campaign, each line in an account of its own."""

from __future__ import annotations

from datetime import datetime

from festoon.base.money import MOST
from festoon.base.words import Words
from festoon.campaigns import queries
from festoon.campaigns.models import BudgetLine, Campaign
from festoon.catalog import queries as catalog
from festoon.ledger import accounts
from festoon.records.refusal import Invalid
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer

MERCHANT = "merchant:"
KINDS = ("discount", "gifts", "placement")
UNKNOWN = Words(en=f"A kind is one of {', '.join(KINDS)}.", zh=f"类别为 {'、'.join(KINDS)} 之一。")
AMOUNT = Words(en=f"Set aside from 1 to {MOST:,}.", zh=f"金额须在 1 与 {MOST:,} 之间。")
NOBODY = Words(en="A payer is platform or merchant:<code>.", zh="承担方为 platform 或 merchant:<编号>。")
NOT_YOUR_MONEY = Words(en="This is somebody else's money.", zh="不能动用他人的资金。")


def put(
    campaign: Campaign, kind: str, payer: str, amount: int, name: Words, *, by: Viewer, now: datetime
) -> BudgetLine:
    """The budget line with `amount` more in its account, made if it is not there; within the caller's transaction."""
    pays = checked(kind, payer, amount, by)
    code = accounts.budget(campaign.code, kind, payer)
    account = accounts.open_account(
        code, merchant_id=pays, kind=f"budget:{kind}", unit=campaign.merchant.currency
    )  # fmt: skip
    accounts.fund(account, amount, at=now, rows=[f"campaign:{campaign.code}"])
    line = queries.budget(SYSTEM, campaign).filter(account=account).first()
    if line is None:
        line = BudgetLine(
            campaign=campaign, merchant_id=pays, kind=kind, payer=payer, account=account,
            name_en=name.en, name_zh=name.zh,
        )  # fmt: skip
        line.save(force_insert=True)
    return line


def checked(kind: str, payer: str, amount: int, by: Viewer) -> int:
    """Whose money the line is; Invalid names the field that does not hold together."""
    if kind not in KINDS:
        raise Invalid("unknown", UNKNOWN, field="kind", detail={"known": list(KINDS)})
    if not 1 <= amount <= MOST:
        raise Invalid("out_of_range", AMOUNT, field="amount")
    return payer_id(payer, by)


def payer_id(payer: str, by: Viewer) -> int:
    """Whose money `payer` (platform, merchant:<code>) means; only what the viewer may speak for.

    Written in any other way it would name an account that no discount is ever paid from.
    """
    if payer == "platform":
        if not by.is_platform:
            raise Invalid("not_your_money", NOT_YOUR_MONEY, field="payer")
        return PLATFORM
    if not payer.startswith(MERCHANT):
        raise Invalid("unknown", NOBODY, field="payer")
    return catalog.merchant(by, payer.removeprefix(MERCHANT)).pk
