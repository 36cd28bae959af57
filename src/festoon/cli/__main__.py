"""python -m festoon.cli is festoon."""

import sys

from festoon.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
