"""The form of an offer, drawn from the fields of whatever it is made of: what is typed, as data, and as controls."""
