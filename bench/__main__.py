"""``python -m bench [pages|seats|rush …]``, with ``bench.settings``."""

import sys

import django

django.setup()

from bench import pages, report, rush, seats  # noqa: E402

PARTS = {"pages": pages, "seats": seats, "rush": rush}

wanted = sys.argv[1:] or list(PARTS)
figures = []
for name in wanted:
    for figure in PARTS[name].measure():
        print(figure, flush=True)
        figures.append(figure)
report.write(figures)
