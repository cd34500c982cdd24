"""Where titles may be broken."""

import pytest

from common.templatetags.wording import phrases


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("五年同行，把“家”安在职工身边", ["五年同行，", "把“家”安在职工身边"]),
        ("他说：“好！”大家笑了", ["他说：", "“好！”", "大家笑了"]),
        ("只有一句", ["只有一句"]),
        ("学 练 用", ["学 ", "练 ", "用"]),
        ("完了。", ["完了。"]),
        (
            "声乐、书法、舞蹈、茶艺、烘焙班",
            ["声乐、", "书法、", "舞蹈、", "茶艺、", "烘焙班"],
        ),
        ("声乐、书法、舞蹈、茶艺、烘焙、摄影", ["声乐、书法、舞蹈、茶艺、烘焙、摄影"]),
        ("主题 ——副题", ["主题 ", "——副题"]),
        ("主题——副题，再说", ["主题", "——副题，", "再说"]),
        ("", []),
    ],
)
def test_title_breaks_where_one_breathes(title, pieces):
    assert phrases(title) == pieces
    assert "".join(phrases(title)) == title
