"""The year in parts, one after the other: each knows how much it is and does a piece of it."""
