"""A year of grocery trade: The Complete Journey, imported through the same verbs that people and machines use."""
