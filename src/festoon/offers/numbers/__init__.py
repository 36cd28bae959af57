"""The number of the book."""
