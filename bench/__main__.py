"""``python -m bench [pages|seats|rush|growth|roster …]``, with ``bench.settings``."""

import sys

import django

django.setup()

from bench import growth, pages, report, roster, rush, seats  # noqa: E402

PARTS = {
    "pages": pages,
    "seats": seats,
    "rush": rush,
    "growth": growth,
    "roster": roster,
}

wanted = sys.argv[1:] or list(PARTS)
figures = []
for name in wanted:
    for figure in PARTS[name].measure():
        print(figure, flush=True)
        figures.append(figure)
report.write(figures)
