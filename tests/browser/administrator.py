"""Makes an administrator of the machine who signs in with this name and the password of the environment."""

from __future__ import annotations

import os
import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.filter(username=sys.argv[1]).exists():
        users.create_superuser(sys.argv[1], password=os.environ["PASSWORD"])
