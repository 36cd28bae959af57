"""Quote, hold, redeem, refund; orders as the shop recorded them."""
