"""Offers that apply by themselves."""
