"""The console's words for the codes that tables hold: states, roles, verbs, kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from festoon.base.words import Words
from festoon.catalog.roles import permissions
from festoon.records.viewer import SYSTEM
from festoon.storefront import rule
from festoon.storefront.rule import names_of


@dataclass(frozen=True, slots=True)
class Known:
    """A code as people read it, and the tone it is drawn in: good, warn, bad, note or quiet."""

    words: Words
    tone: str = "quiet"

    @property
    def label(self) -> str:
        """In the language of the page."""
        return said(self.words)


def said(words: Words) -> str:
    """The words in the language of the page being drawn."""
    return words.in_(get_language() or "en")


def either(text: str) -> str:
    """What the system wrote as `English · 中文`, in the language of the page."""
    en, _, zh = text.partition(" · ")
    return said(Words(en, zh or en))


def why(row: Any) -> str:
    """The reason of a stop or of an entry of the audit: a rule's in the language of the page, a person's as it was written."""
    return either(row.why) if row.by == SYSTEM.name else str(row.why)


ANOTHER = Words("Another's offer", "其他方的优惠")
"""In place of the name of an offer that a viewer does not see."""
STATES = {
    "draft": Known(Words("Draft", "草稿")),
    "in_review": Known(Words("In review", "审核中"), "warn"),
    "open": Known(Words("Waiting", "待审核"), "warn"),
    "approved": Known(Words("Approved", "已通过"), "good"),
    "passed": Known(Words("Approved", "已通过"), "good"),
    "approve": Known(Words("Approved", "已通过"), "good"),
    "by_rule": Known(Words("Approved by rule", "按规则通过"), "good"),
    "scheduled": Known(Words("Scheduled", "待开始"), "note"),
    "pending": Known(Words("Pending", "待生效"), "note"),
    "released": Known(Words("Live", "进行中"), "good"),
    "live": Known(Words("Live", "进行中"), "good"),
    "stopped": Known(Words("Stopped", "已停用"), "bad"),
    "sent_back": Known(Words("Sent back", "已退回"), "bad"),
    "send_back": Known(Words("Sent back", "已退回"), "bad"),
    "return": Known(Words("Returned to an earlier level", "已退回上级"), "warn"),
    "reject": Known(Words("Rejected", "已驳回"), "bad"),
    "rejected": Known(Words("Rejected", "已驳回"), "bad"),
    "withdrawn": Known(Words("Withdrawn", "已撤回")),
    "recalled": Known(Words("Recalled", "已召回")),
    "archived": Known(Words("Archived", "已归档")),
    "ended": Known(Words("Ended", "已结束")),
    "claimed": Known(Words("In the wallet", "在卡包中"), "note"),
    "held": Known(Words("Reserved", "已占用"), "warn"),
    "redeemed": Known(Words("Used", "已使用"), "good"),
    "void": Known(Words("Void", "已作废")),
    "expired": Known(Words("Expired", "已过期")),
    "waiting": Known(Words("Waiting", "等待中")),
    "running": Known(Words("Running", "运行中"), "good"),
    "finished": Known(Words("Finished", "已完成"), "good"),
    "failed": Known(Words("Failed", "失败"), "bad"),
    "paused": Known(Words("Paused", "已暂停"), "warn"),
    "gone": Known(Words("Gone", "对方已注销"), "bad"),
    "sent": Known(Words("Delivered", "已送达"), "good"),
    "dead": Known(Words("Not taken", "未送达"), "bad"),
    "armed": Known(Words("Watching", "监控中"), "good"),
    "fired": Known(Words("Has stopped it", "已触发停用"), "bad"),
    "cancelled": Known(Words("Cancelled", "已取消")),
}

KINDS = {
    "promotion": Words("Promotion", "促销"),
    "coupon": Words("Coupon", "优惠券"),
    "campaign": Words("Campaign", "活动主题"),
    "distribution": Words("Distribution", "投放"),
    "exclusion": Words("Exclusion", "互斥"),
    "preset": Words("Preset", "预设规则"),
    "offer": Words("Offer", "优惠"),
    "discount": Words("Discounts", "优惠补贴"),
    "gifts": Words("Gifts", "赠品"),
    "placement": Words("Paid placement", "付费资源位"),
}

ROLES = {code: role.name for code, role in permissions().roles.items()}

CHANNELS = {
    "app": Words("App", "应用"),
    "store": Words("Store", "门店"),
    "mini": Words("Mini program", "小程序"),
    "": Words("All channels", "全部渠道"),
}

SOURCES = {"made up": Words("made up", "虚构")}

CLAIMED_IN = {**CHANNELS, "console": Words("Customer service", "客服")}
"""Where a coupon is claimed: what people claim for shoppers in these screens comes by a channel of its own."""

LEVELS = {code: Words(level.en.capitalize(), level.zh) for code, level in rule.LEVELS.items()}
"""As labels, which stand alone."""

PAYERS = {
    "maker": Words("Maker", "厂商"),
    "merchant": Words("Merchant", "商家"),
}

METRICS = {
    "gmv": Words("GMV", "成交额"),
    "orders": Words("Orders", "订单数"),
    "new_buyers": Words("New buyers", "新客数"),
    "redemptions": Words("Coupons used", "用券数"),
    "claims": Words("Coupons claimed", "领券数"),
}

VERBS = {
    "create": Words("Created", "创建"),
    "edit": Words("Edited", "修改"),
    "submit": Words("Submitted for review", "提交审核"),
    "open_review": Words("Submitted for review", "提交审核"),
    "open": Words("Submitted for review", "提交审核"),
    "approve": Words("Approved", "审核通过"),
    "decide": Words("Decided", "作出审核决定"),
    "send_back": Words("Sent back", "退回"),
    "return": Words("Returned to an earlier level", "退回上级"),
    "reject": Words("Rejected", "驳回"),
    "reopen": Words("Opened again", "重新打开"),
    "remind": Words("Reminded: it is due", "已到期提醒"),
    "withdraw": Words("Withdrawn", "撤回"),
    "release": Words("Released", "发布"),
    "stop": Words("Stopped", "停用"),
    "lift": Words("Stop lifted", "解除停用"),
    "stopped": Words("Stopped", "停用"),
    "lifted": Words("Stop lifted", "解除停用"),
    "recalled": Words("Recalled", "召回"),
    "archived": Words("Archived", "归档"),
    "void": Words("Made void", "作废"),
    "approve_exclusion": Words("Exclusion approved", "互斥审核通过"),
    "send_back_exclusion": Words("Exclusion sent back", "互斥被退回"),
    "submit_whole": Words("Submitted as a whole", "整体提交审核"),
    "exclude": Words("Exclusion set", "设置互斥"),
    "issue": Words("Coupons issued", "发放优惠券"),
    "claim": Words("Coupons claimed", "领取优惠券"),
    "fund": Words("Budget funded", "注入预算"),
    "add": Words("Invited", "已邀请"),
    "set_roles": Words("Roles changed", "更改角色"),
    "set_email": Words("E-mail changed", "更改邮箱"),
    "suspend": Words("Suspended", "停用登录"),
    "restore": Words("Let in again", "恢复登录"),
    "sign_out": Words("Signed out everywhere", "退出全部登录"),
    "password": Words("Password changed", "更改密码"),
    "link": Words("Link made", "生成登录链接"),
    "vouched": Words("Signed in with another service, first time", "首次通过其他服务登录"),
    "second_factor_on": Words("Second factor switched on", "开启两步验证"),
    "second_factor_off": Words("Second factor switched off", "关闭两步验证"),
    "second_factor_reset": Words("Second factor reset", "重置两步验证"),
    "new_codes": Words("New codes for paper", "重新生成备用码"),
    "set_goals": Words("Goals set", "设定目标"),
    "add_budget_line": Words("Budget line added", "增加预算项"),
    "create_all": Words("Created", "创建"),
    "recall": Words("Recalled", "召回"),
    "archive": Words("Archived", "归档"),
    "issue_many": Words("Coupons issued", "发放优惠券"),
    "make_codes": Words("Codes made", "生成券码"),
    "take_codes": Words("Codes brought in", "导入券码"),
    "give_quota": Words("Quota given", "分配配额"),
    "tie": Words("Quota tied to a distribution", "配额绑定投放"),
    "tick": Words("Exclusion set", "设置互斥"),
    "untick": Words("Exclusion taken away", "取消互斥"),
    "unlock": Words("Locked exclusion lifted", "解除锁定互斥"),
    "set_policy": Words("Exclusion policy set", "设置互斥策略"),
    "burn_rule": Words("Burn rate set", "设置消耗监控"),
    "burn_seen": Words("Alarm seen", "确认告警"),
    "set_flow": Words("Review flow set", "设置审核流程"),
    "set_own_flow": Words("Own review levels set", "设置商家内部审核"),
    "keep_template": Words("Kept as a template", "存为模板"),
    "drop_template": Words("Template taken away", "删除模板"),
    "set_ceiling": Words("Ceiling set", "设置权限上限"),
    "delegate": Words("Stand-in named", "设置代审"),
    "end_delegation": Words("Stand-in ended", "结束代审"),
    "require_second_factor": Words("Second factor asked for", "要求两步验证"),
    "enqueue": Words("Job begun", "开始任务"),
    "finish": Words("Job done", "任务完成"),
    "fail": Words("Job failed", "任务失败"),
    "pause": Words("Paused", "暂停"),
    "full": Words("Nothing more kept while paused", "暂停期间已满，不再保留"),
    "resume": Words("Gone on with", "恢复"),
    "cancel": Words("Cancelled", "取消"),
    "make": Words("Key made", "生成密钥"),
    "revoke": Words("Key revoked", "吊销密钥"),
    "open_order": Words("Order opened by service", "客服查看订单"),
    "open_coupon": Words("Coupon opened by service", "客服查看优惠券"),
    "open_shopper": Words("Shopper opened by service", "客服查看顾客"),
    "give_for": Words("Coupon claimed for a shopper", "代顾客领券"),
    "subscribe": Words("System added that is told", "新增推送对象"),
    "change": Words("Edited", "修改"),
    "end": Words("Ended", "结束"),
    "change_secret": Words("Secret changed", "更换密钥"),
    "resend": Words("Sent again", "重新推送"),
    "gone": Words("Taken no more, ended", "对方停收，已结束"),
    "bind": Words("Audit bound for the day", "当日记录封存"),
    "broken": Words("An invariant is broken", "核查发现异常"),
    "thin": Words("Old events taken out", "清理旧事件"),
}

AUDITED = {
    kind: KINDS[kind] for kind in ("campaign", "promotion", "coupon", "distribution", "preset", "exclusion", "offer")
}
AUDITED |= {
    "person": Words("Person", "人员"),
    "role": Words("Role", "角色"),
    "flow": Words("Review flow", "审核流程"),
    "policy": Words("Exclusion policy", "互斥策略"),
    "key": Words("API key", "接口密钥"),
    "webhook": Words("Webhook", "事件推送"),
    "job": Words("Job", "后台任务"),
    "catalog": Words("Goods", "商品资料"),
    "order": Words("Order", "订单"),
    "shopper": Words("Shopper", "顾客"),
    "audit": Words("Audit", "操作记录"),
    "invariant": Words("Check", "核查"),
}
"""Kinds of things that the audit speaks of."""

LIFE = (
    "create",
    "edit",
    "set_goals",
    "add_budget_line",
    "submit",
    "approve",
    "send_back",
    "release",
    "stopped",
    "lifted",
)
"""Which of two things of the same moment came first."""

TONES = {
    "release": "good",
    "approve": "good",
    "stop": "bad",
    "stopped": "bad",
    "lifted": "note",
    "send_back": "bad",
    "submit": "warn",
    "lift": "note",
}


def of(table: dict[str, Words], code: str) -> str:
    """The word for a code; a code without one is shown as it is."""
    return said(table[code]) if code in table else code


def payer(code: str) -> str:
    """`platform` or `merchant:<code>` in words; of a payer outside this installation, its code."""
    owner, _, name = code.partition(":")
    if owner == "platform":
        return said(Words("The platform", "平台"))
    found = names_of("merchant", [name]) if owner == "merchant" else {}
    return said(found[name]) if name in found else f"{of(PAYERS, owner)} {name}".strip()


def state(code: str) -> Known:
    """A state as people read it."""
    return STATES.get(code, Known(Words(code, code)))


def rank(code: str) -> int:
    """The place of an audit verb or a decision in a life."""
    last = code.rsplit(".", 1)[-1]
    return LIFE.index(last) if last in LIFE else len(LIFE)


def verb(code: str) -> tuple[str, str]:
    """What an audit verb such as `offers.stop` says on a timeline, and its tone."""
    last = code.rsplit(".", 1)[-1]
    return of(VERBS, last), TONES.get(last, "quiet")
