"""The event lake and what is computed from it: one file a metric."""
