"""The theme: dates, goals, budget lines, people."""
