"""The demonstration: a made-up world labelled so, a town that lives in it, and a year of grocery trade beside it."""
