"""Merchants, stores, products, categories, brands, shoppers, segments."""
