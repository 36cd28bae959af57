"""The shop's own systems as colleagues of a merchant: the keys they sign in with."""
