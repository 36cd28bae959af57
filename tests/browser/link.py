"""Prints the address that signs one person in, once."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from festoon.catalog.sign_in import one_time_path

    print(one_time_path(sys.argv[1]))
