"""The town: three hundred made-up shoppers who open, claim, quote, redeem and sometimes return, all through /v1."""
