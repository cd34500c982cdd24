"""``python -m unionportal.embedded_postgres stop FOLDER…``: what ``make stop`` runs.

It needs no settings, so that stopping a server never starts it first.
"""

import argparse
import sys
from pathlib import Path

from . import Outcome, Server, ServerError, stop_if_last
from .place import locate


def main() -> int:
    parser = argparse.ArgumentParser(prog="embedded_postgres", description=__doc__)
    parser.add_argument("action", choices=["stop"])
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    still_used = False
    for folder in arguments.folders:
        outcome = stop_if_last(Server(data=locate(folder)))
        still_used |= outcome is Outcome.IN_USE
        sys.stdout.write(f"Private Postgres in {folder}: {outcome}.\n")
    return 1 if still_used else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServerError as failure:
        sys.exit(str(failure))
