"""What holds for the tests themselves."""

import re
from types import SimpleNamespace

import pytest

from tests import costs, soaked
from tests.architecture.test_rooms import ROOT

CLOCK = re.compile(r"perf_counter|assert .*\bmonotonic\(")


def test_suite_asserts_nowhere_how_long_something_takes():
    """On a machine that has something else to do it would fail. ``tests/costs.py``
    bounds what a test costs; ``make bench`` measures."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path.name != "test_suite.py" and CLOCK.search(path.read_text())
    ]
    assert offenders == []


def report_of(cost):
    return SimpleNamespace(
        passed=True,
        outcome="passed",
        nodeid="test_x",
        user_properties=[(costs.NAME, cost)],
    )


@pytest.mark.parametrize(
    ("cost", "markers", "outcome"),
    [
        (14.9, set(), "passed"),
        (15.1, set(), "failed"),
        (15.1, {"browser"}, "passed"),
        (61, {"browser"}, "failed"),
        (99, {"slow"}, "passed"),
    ],
)
def test_suite_fails_a_test_that_costs_too_much_unless_it_is_marked(
    cost, markers, outcome
):
    report = report_of(cost)

    costs.judge(report, markers=markers)

    assert report.outcome == outcome


def test_suite_spent_counts_this_process():
    before = costs.spent()
    sum(n * n for n in range(2_000_000))

    assert costs.spent() > before


@pytest.fixture
def record(monkeypatch, tmp_path):
    """A group that covers one file, and a record of its own."""
    covered = tmp_path / "covered.py"
    covered.write_text("a = 1")
    monkeypatch.setattr(soaked, "ROOT", tmp_path)
    monkeypatch.setattr(soaked, "RECORD", tmp_path / "soaked.json")
    monkeypatch.setattr(soaked, "COVERED", {"one": ["*.py"]})
    for function in (soaked.fingerprint, soaked.recorded):
        function.cache_clear()
    yield covered
    for function in (soaked.fingerprint, soaked.recorded):
        function.cache_clear()


def test_soak_group_waits_while_its_files_are_the_same(record):
    assert soaked.left_to_the_soak({"one"}) == set()  # never recorded

    soaked.write({"one"})
    soaked.recorded.cache_clear()
    assert soaked.left_to_the_soak({"one"}) == {"one"}

    record.write_text("a = 2")
    soaked.fingerprint.cache_clear()
    assert soaked.left_to_the_soak({"one"}) == set()


@pytest.mark.parametrize("group", soaked.COVERED)
def test_soak_group_patterns_each_find_a_file(group):
    lost = [p for p in soaked.patterns(group) if not list(ROOT.glob(p))]
    assert lost == []
