"""The cast: a small made-up bilingual world, used by the demonstration, the tests, the pictures and the docs alike."""
