"""What a test costs: seconds of processor time, its browser and other children included.

Not seconds on the clock: those double when the machine has something else to do. But
those of a processor vary too, by half on a shared machine and by what the process has
already loaded. So a test is meant to stay below 5 (with a browser, which draws every
pixel in software, below 20), the dearest of a run are printed at its end, and one fails
only that costs three times as much and is not marked ``slow``.
"""

import os
from pathlib import Path

NAME = "processor seconds"
MOST, MOST_WITH_A_BROWSER = 15, 60
DEAREST = 10
_TICKS = os.sysconf("SC_CLK_TCK")


def spent(pid: int | None = None) -> float:
    """Processor seconds so far, of this process and of all that came from it."""
    here = Path("/proc") / str(pid or os.getpid())
    try:
        text = (here / "stat").read_text()
    except OSError:  # ended meanwhile
        return 0.0
    # the name of the program stands in brackets and may hold anything; of the four
    # numbers the last two are those of children that have ended
    used = text[text.rindex(")") + 2 :].split()[11:15]
    children = [int(child) for task in _tasks(here) for child in _words(task)]
    return sum(map(int, used)) / _TICKS + sum(map(spent, children))


def _tasks(here) -> list[Path]:
    """The threads of a process, which may end while they are listed."""
    try:
        return [task / "children" for task in (here / "task").iterdir()]
    except OSError:
        return []


def _words(path) -> list[str]:
    """Those of a file of a thread, which may have ended meanwhile: then none."""
    try:
        return path.read_text().split()
    except OSError:
        return []


def judge(report, *, markers: set[str]) -> None:
    """Make a report of a test that passed, but at too high a price, a failure."""
    cost = of(report)
    most = MOST_WITH_A_BROWSER if "browser" in markers else MOST
    if report.passed and cost > most and "slow" not in markers:
        report.outcome = "failed"
        report.longrepr = (
            f"{report.nodeid} took {cost:.1f} seconds of processor time. Over {most}, "
            "make it cheaper, move it to tests/soak, or mark it slow and say why."
        )


def of(report) -> float:
    return dict(report.user_properties).get(NAME, 0.0)


def print_dearest(terminalreporter) -> None:
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    if len(reports) <= DEAREST:
        return
    terminalreporter.section(f"the slowest {DEAREST}, in {NAME}")
    for report in sorted(reports, key=of, reverse=True)[:DEAREST]:
        terminalreporter.write_line(f"{of(report):6.1f}  {report.nodeid}")
