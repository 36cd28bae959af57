"""Coupon templates, coupons and wallets."""
