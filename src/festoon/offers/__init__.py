"""Drafts, releases, exclusions, stops: what promotions and coupons share."""
