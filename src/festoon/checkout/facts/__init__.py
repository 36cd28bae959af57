"""What the centre knows of a cart beyond what the shop sent: goods, buyer, wallet, what is left."""
