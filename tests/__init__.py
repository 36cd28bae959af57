"""Every promise of the product, kept by running it."""
