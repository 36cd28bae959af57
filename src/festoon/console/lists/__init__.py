"""The lists of the console, each with its columns, filters and what can be done with ticked rows."""
