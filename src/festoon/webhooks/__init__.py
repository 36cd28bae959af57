"""Telling other systems what happened: who listens, what is on its way to them, what they did not take."""
