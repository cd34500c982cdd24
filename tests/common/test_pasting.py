"""What of a clipboard comes out, and what it may cost. The cases are pairs of files: what
a program put into the clipboard (.html), and what the editor is given (.out: the text in
the first line, then what was left out)."""

import re
from pathlib import Path

import pytest

from common import pasting

CASES = sorted((Path(__file__).parents[1] / "cases/paste").glob("*.html"))


def case(name: str) -> str:
    path = Path(__file__).parents[1] / f"cases/paste/{name}.html"
    return path.read_text(encoding="utf-8")


def kept(html: str) -> str:
    return pasting.read(html).html.replace(' rel="noopener noreferrer"', "")


def test_read_makes_of_every_case_what_is_kept_beside_it():
    assert len(CASES) >= 38
    for path in CASES:
        html = path.read_text(encoding="utf-8")
        html = re.sub(r'src="data:image/png;base64,[^"]*"', 'src="paste:0"', html)
        expected = path.with_suffix(".out").read_text(encoding="utf-8").splitlines()

        made = pasting.read(html)

        assert [kept(html), *made.removed] == expected, path.stem


def test_read_what_came_out_comes_out_again():
    for path in CASES:
        once = kept(path.read_text(encoding="utf-8"))

        assert kept(once) == once, path.stem


def test_read_keeps_no_address_of_a_picture_and_names_the_remote_ones():
    made = pasting.read('<p>前</p><img src="https://t.example/a/b.jpg" width=400>')

    assert "t.example" not in made.html
    assert made.pictures == (pasting.Picture("", ""),)
    assert "b.jpg" in made.removed[0]


@pytest.mark.parametrize(
    "typed",
    [
        "<section>" * 60_000 + "<p>字",
        "<table><tr><td>" * 20_000 + "字",
        "<ul><li>" * 40_000 + "字",
        "<blockquote>" * 40_000 + "字",
        "<b style='font-weight:bold'>" * 20_000 + "字",
        "<p style='mso-list:l0 level9 lfo1'>" * 15_000 + "字",
        "<span style='font-family:Symbol'>" * 15_000 + "字",
        "<del cite=a>" * 30_000 + "</del>" * 30_000 + "字",
        "<figure><img src=paste:1>" * 15_000 + "字",
        "<a href='" + "a" * 500_000 + "'>字</a>",
        "<a style='" + ";" * 500_000 + "'>字</a>",
        "<!--StartFragment-->" * 25_000 + "字",
        "字" + "<br>" * 140_000 + "字",
    ],
    ids=lambda typed: typed[:16],
)
def test_read_of_the_longest_and_deepest_costs_as_its_length(typed):
    """The suite's limit of processor time (tests/costs.py) is the one that is held."""
    assert not pasting.too_long(typed)

    made = pasting.read(typed)

    assert "字" in made.html
    assert len(made.html) < 4 * len(typed)


def test_too_long_a_text_is_refused_with_a_sentence():
    assert "分几次" in pasting.too_long("a" * (pasting.LONGEST + 1))[0].text
    assert len(pasting.read("字" * (pasting.LONGEST + 9)).html) < pasting.LONGEST + 99


def test_lines_keeps_words_and_shows_indents():
    assert (
        pasting.lines("一\r\n\r\n    二 < 三\u200b\n")
        == "<p>一</p><p>　　二 &lt; 三</p>"
    )
