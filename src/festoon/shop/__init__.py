"""The shopper's door: campaign pages."""
