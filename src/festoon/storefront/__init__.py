"""What a shopper sees of a campaign: pages, blocks and their order."""
