"""What jobs are called."""

from __future__ import annotations

from festoon.base.words import Words

JOBS = {
    "audit": Words("Check of everything that must be true", "全面核查"),
    "issue": Words("Coupons given to many", "批量发券"),
    "void": Words("Coupons made void", "批量作废优惠券"),
    "codes": Words("Codes made", "生成券码"),
    "thin": Words("Old events taken out of the outbox", "清理已入湖的旧事件"),
    "year": Words("Import of a year of trade", "导入一年交易"),
    "town": Words("The made-up town", "虚构小镇"),
}
