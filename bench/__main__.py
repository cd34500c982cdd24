"""``python -m bench [line or part …]``, with ``bench.settings``; see ``bench.names``."""

import sys

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from bench import (  # noqa: E402
    growth,
    loads,
    names,
    pages,
    readers,
    report,
    roster,
    rush,
    search,
    seats,
)
from unionportal import embedded_postgres  # noqa: E402

PARTS = {
    "pages": pages,
    "readers": readers,
    "loads": loads,
    "seats": seats,
    "rushes": rush,
    "roster": roster,
    "search": search,
    "growth": growth,
}


def run(wanted: set[str]) -> None:
    for part, module in PARTS.items():
        if lines := wanted.intersection(names.PARTS[part]):
            for figure in module.measure(lines):
                print(figure, flush=True)
                report.write(figure)


try:
    # whoever starts the private server has it make its database: ours, before a kept one
    connection.ensure_connection()
    run(set(names.asked_for(sys.argv[1:])))
finally:
    if postgres := connection.settings_dict.get("SERVER"):
        connections.close_all()
        embedded_postgres.stop_if_last(postgres)
