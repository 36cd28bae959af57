"""The store of hot writes: plans from every verb, taken together, each of them whole or not at all.

`plan` says what a verb may ask for, `statement` names its SQL in both dialects, `writer.submit` does it. Nothing is
imported here: Django's SQLite back end takes its `turn` from this folder before any model is there.
"""
