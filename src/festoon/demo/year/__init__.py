"""A year of real trade: The Complete Journey, imported through the same verbs that people and machines use."""
