"""Who did what when: audit, events and outbox, keys, jobs."""
