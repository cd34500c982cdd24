"""What a stranger may send costs time and memory as its length does, and no more.

No clock is asked: what is counted is what a parser is given and what comes out.
"""

import pytest

from common import markup, richtext

TAGS = {"p", "b", "i", "a", "ul", "li", "blockquote", "table", "tr", "td", "br", "div"}


def tamed(html):
    return markup.tamed(html, TAGS, {"a": {"href"}, "td": {"colspan"}})


def depth(html):
    deepest, waiting = 0, [(richtext.parse(html), 0)]
    while waiting:
        node, at = waiting.pop()
        deepest = max(deepest, at)
        kids = [kid for kid in node.children if isinstance(kid, markup.Node)]
        waiting += [(kid, at + 1) for kid in kids]
    return deepest


@pytest.mark.parametrize("tag", ["blockquote", "div", "b", "ul><li", "table><td"])
@pytest.mark.parametrize("times", [400, 900, 20_000])
def test_markup_deep_texts_are_flattened_and_keep_their_words(tag, times):
    end = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    stored = richtext.clean(f"<{tag}>" * times + "<p>字" + end * times + "<p>后</p>")

    words = richtext.parse(stored).text
    assert "".join(words.split()) == "字后"
    assert depth(stored) < 3 * markup.DEEPEST


def test_markup_tags_without_an_end_never_reach_a_parser():
    """Python's searches for each one's end to the end of the text."""
    assert tamed("<a " * 8000) == ""
    assert richtext.plain("<a " * 8000) == ""
    assert richtext.plain("前<p>字</p>" + '<a b="' * 8000) == "字"


def test_markup_left_open_marks_do_not_multiply():
    """A browser opens every mark that was left open again in each paragraph: a parser
    made 7 MB of these 17 KB."""
    marks = "".join(f"<b a={n}>" for n in range(1000))
    typed = f"<p>{marks}</p>" + "<p>x</p>" * 1000

    assert len(richtext.parse(typed).html()) < 2 * len(typed)
    assert len(tamed(typed)) < 2 * len(typed)


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ("<p>一<p>二", "<p>一</p><p>二</p>"),
        ("<ul><li>一<li>二</ul>三", "<ul><li>一</li><li>二</li></ul>三"),
        (
            "<table><tr><td>一<td>二<tr><td>三</table>",
            "<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table>",
        ),
        ("<ul><li>一<ul><li>二</ul><li>三", None),
        ("<table><td><p>一</table>二", "<table><td><p>一</p></td></table>二"),
        ("<p>一</div>二</p>", "<p>一二</p>"),
        ("<b><i>一</b>二</i>", "<b><i>一</i></b>二"),
        ("<P>一<BR/>二</P >", "<p>一<br>二</p>"),
    ],
)
def test_markup_everything_is_closed_where_a_browser_would(typed, closed):
    made = tamed(typed)

    assert made == closed if closed else made.count("<li>") == made.count("</li>") == 3
    assert tamed(made) == made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<a href='x>y' on=\"z\">字</a>", '<a href="x>y">字</a>'),
        ("<a href=/a?b=1&amp;c>字</a>", '<a href="/a?b=1&amp;c">字</a>'),
        ("""<a href='"' href=b>字</a>""", '<a href="&quot;">字</a>'),
        ("<td colspan = 2 />", '<td colspan="2"></td>'),
        ("3 < 5 &lt; 7 <3", "3 &lt; 5 &lt; 7 &lt;3"),
        ("一<!-- <p> --!>二<![if x]>三<?xml ?>四</ >五", "一二三四五"),
        ("一<script>if (a < b) '<p>'</SCRIPT >二<style>x", "一二"),
        ("<o:p>一</o:p><font color=red>二</font>", "一二"),
    ],
)
def test_markup_tags_are_read_as_a_browser_reads_them(typed, read):
    assert tamed(typed) == read


def test_markup_of_a_deep_tree_is_walked_counted_and_written():
    root = leaf = markup.Node("")
    for _ in range(20_000):
        leaf.children.append(markup.Node("p"))
        leaf = leaf.children[0]
    leaf.children.append("字")

    assert sum(1 for _ in root.walk()) == 20_001
    assert root.text == "字"
    assert root.html() == "<p>" * 20_000 + "字" + "</p>" * 20_000
