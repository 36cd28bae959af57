"""The console: operators' and reviewers' screens."""
