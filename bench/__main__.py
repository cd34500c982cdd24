"""``python -m bench [pages|seats|rush|growth …]``, with ``bench.settings``."""

import sys

import django

django.setup()

from bench import growth, pages, report, rush, seats  # noqa: E402

PARTS = {"pages": pages, "seats": seats, "rush": rush, "growth": growth}

wanted = sys.argv[1:] or list(PARTS)
figures = []
for name in wanted:
    for figure in PARTS[name].measure():
        print(figure, flush=True)
        figures.append(figure)
report.write(figures)
