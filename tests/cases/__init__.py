"""Cases an operator can read: a YAML file for every thing on a shelf, and for what the engine promises."""
