"""Every template compiles, documents its inputs and carries nothing inline."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates")
    for path in (ROOT / "templates").rglob("*")
    if path.is_file()
)
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
PARTIALS = [path for path in HTML if path.name.startswith("_")]


def source(path):
    return (ROOT / "templates" / path).read_text(encoding="utf-8")


def test_there_are_templates():
    assert len(HTML) > 30
    assert len(PARTIALS) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_template_compiles(path):
    assert get_template(str(path))


@pytest.mark.parametrize("path", HTML, ids=str)
def test_no_inline_style_script_or_handler(path):
    text = source(path)

    assert not re.search(r"<style[\s>]", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", HTML, ids=str)
def test_no_template_marks_anything_safe(path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+off|safeseq", source(path))


@pytest.mark.parametrize("path", PARTIALS, ids=str)
def test_every_partial_names_its_inputs(path):
    head = re.sub(r"{%\s*load[^%]*%}", "", source(path)).strip()

    assert head.startswith("{% comment %}"), "a partial opens with its inputs"
    assert len(head[13 : head.index("{% endcomment %}")].strip()) > 5


@pytest.mark.parametrize("path", HTML, ids=str)
def test_partials_are_included_with_only(path):
    for tag in re.findall(r"{%\s*include\s+[^%]*_[^%]*%}", source(path)):
        if re.search(r'"[^"]*/_[^"]*"', tag):
            assert tag.rstrip("%} ").endswith("only"), tag


@pytest.mark.parametrize("path", HTML, ids=str)
def test_blocks_are_closed_by_name(path):
    assert not re.search(r"{%\s*endblock\s*%}", source(path))


@pytest.mark.parametrize("path", HTML, ids=str)
def test_no_dead_links_and_no_other_host_for_parts_of_a_page(path):
    text = source(path)

    assert 'href="#"' not in text
    assert not re.search(r"<(?:img|script|link rel=.stylesheet)[^>]*https?://", text)


PYTHON = [
    path
    for room in (
        "common", "members", "signups", "news", "activities", "honors", "volunteers",
        "unionportal",
    )
    for path in sorted((ROOT / room).rglob("*.py"))
]  # fmt: skip


@pytest.mark.parametrize("path", HTML, ids=str)
def test_days_in_words_are_those_of_common_dates(path):
    """It alone says the year when it is another."""
    assert not re.search(r"""\|date:["'](?!Y年)[^"']*月""", source(path))


def test_stored_text_is_marked_safe_in_one_place_only():
    marking = {
        str(path.relative_to(ROOT))
        for path in PYTHON
        if re.search(r"\b(mark_safe|SafeString|format_html_join)\b", path.read_text())
    }
    assert marking <= {"common/templatetags/richtext.py"}
