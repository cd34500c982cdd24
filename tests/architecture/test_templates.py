"""Every template compiles, documents its inputs and carries nothing inline."""

import re
from pathlib import Path

from django.template import TemplateSyntaxError
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


def test_templates_are_found():
    assert len(HTML) > 30
    assert len(PARTIALS) > 10


def offenders(paths, *patterns):
    """Each place in these templates that one of the patterns finds."""
    return [
        f"{path}: {match.group()[:80]}"
        for path in paths
        for pattern in patterns
        for match in re.finditer(pattern, source(path))
    ]


def test_templates_all_compile():
    broken = []
    for path in TEMPLATES:
        try:
            get_template(str(path))
        except TemplateSyntaxError as error:
            broken.append(f"{path}: {error}")
    assert broken == []


def test_templates_have_no_inline_style_script_or_handler():
    found = offenders(
        HTML,
        r"<style[\s>]",
        r"\sstyle\s*=",
        r"<script(?![^>]*\ssrc=)",
        r"<[^>]*\son[a-z]+\s*=",
        r"javascript:",
    )
    assert found == []


def test_templates_mark_nothing_safe():
    assert offenders(HTML, r"\|\s*safe\b", r"autoescape\s+off", r"safeseq") == []


def test_partials_name_their_inputs():
    """It opens with a comment that says them."""
    head = re.compile(r"\s*{% comment %}\s*(\S.{5,}?){% endcomment %}", re.DOTALL)
    silent = [
        str(path)
        for path in PARTIALS
        if not head.match(re.sub(r"{%\s*load[^%]*%}", "", source(path)))
    ]
    assert silent == []


def test_partials_are_included_with_only():
    tag = r"""{%\s*include\s+[^%]*"[^"]*/_[^"]*"[^%]*%}"""
    assert offenders(HTML, tag + r"(?<!only %})") == []


def test_partials_with_a_form_are_given_its_token():
    """``only`` drops it too, and then every press of the button is refused. A partial
    that has no form for some pages says so by an input of its own (``may_…``)."""
    forms = [
        str(path)
        for path in PARTIALS
        if "{% csrf_token %}" in source(path) and "{% if may_" not in source(path)
    ]
    found = offenders(
        HTML,
        *(
            rf'{{% include "{path}"(?![^%]*csrf_token=csrf_token)[^%]* only %}}'
            for path in forms
        ),
    )
    assert len(forms) > 2
    assert found == []


def test_templates_have_no_space_before_a_stop():
    """Where two pieces of a sentence stand on lines of their own, a browser puts a space
    between them; the formatter does so around {% if %} where a line grows too long."""
    conditions = r"(?:{%\s*(?:if|elif|else)\b[^%]*%}\s*)*"
    words = r"""{%\s*(?:translate\s+["']|blocktranslate\b[^%]*%})[，。：；、）]"""
    assert offenders(HTML, r"\s" + conditions + words) == []


def test_templates_have_no_dead_links_and_no_other_host_for_parts_of_a_page():
    parts = r"<(?:img|script|link rel=.stylesheet)[^>]*https?://"
    assert offenders(HTML, r'href="#"', parts) == []


def test_templates_write_days_by_common_dates():
    """It alone says the year when it is another."""
    assert offenders(HTML, r"""\|date:["'](?!Y年)[^"']*月""") == []


PYTHON = [
    path
    for room in (
        "common", "members", "signups", "news", "activities", "honors", "volunteers",
        "unionportal",
    )
    for path in sorted((ROOT / room).rglob("*.py"))
]  # fmt: skip


def test_mark_safe_stands_in_one_place_only():
    marking = {
        str(path.relative_to(ROOT))
        for path in PYTHON
        if re.search(r"\b(mark_safe|SafeString|format_html_join)\b", path.read_text())
    }
    assert marking <= {"common/templatetags/richtext.py"}
