"""What others see of an offer that is in the book: its key, and which keys a merchant's wall lets through."""
