"""A report as it comes off the page of a newspaper, with all that stood around it: of the
shape, the marks and the length of the one that this portal was founded on. Its words are
invented."""

from itertools import cycle, islice

TITLE, SUBTITLE = "木棉花开满城红", "示例市总工会丰富职工文化生活纪实(一)"
CAPTION, CREDIT = "示例市总工会主席为工匠代表颁奖。", "示例市总工会供图"
NOTE = [
    "五年是一段不短的路,示例市的工会干部带着“把好事办实”的念头,走遍了山谷里的工地、车间和班组。",
    "从今天起,本报将陆续推出“花城纪实”,请读者跟着记者的脚步去看看这些变化,以飨读者。",
]
SENTENCES = [
    "傍晚六点,文化宫三楼的灯一盏盏亮起来,下班的职工从四面八方赶来上课",
    "教室里有人练声、有人学茶,也有人第一次举起相机,彼此叫得出名字",
    "“以前下班就回家,现在每个星期都有盼头”,一位学员笑着说",
    "工会干部把座谈会开到井口和炉前,听到的意见当场记下,能办的当月就办",
    "演出队的卡车翻过两座山,在桥梁工地的空场(原料场)上搭起了舞台",
    "书屋里的新书由班组自己挑,手机上也能借到,夜班的人不再错过",
    "球场边的记分牌换了新的,5年来厂与厂之间的较量成了全城的节日",
    "志愿者的“红马甲”出现在路口、病房和社区课堂,成了一道寻常的风景",
]
SECTIONS = {
    "把道理讲到班组里 把榜样请到身边来": [
        "请来身边的榜样",
        "守好自己的阵地",
        "算清发展的大账",
    ],
    "把舞台搭到工地上 把书香送进车间去": [
        "书香飘进车间",
        "才艺学在身边",
        "欢乐送到一线",
    ],
    "把先进立在人心里 把服务做到家门口": [
        "先进有名有姓",
        "活动有声有色",
        "志愿有来有往",
    ],
}
FURNITURE = [
    *("相关阅读:", "网友评论:", "用户:", " 密码:", " 验证码: ", " 匿名发表"),
    "网友评论仅供其表达个人看法,并不表明本站同意其观点或证实其描述 !",
    *("  • 图文推荐", "点击排行"),
]


def _body():
    sentences = cycle(SENTENCES)

    def some(number):
        return ";".join(islice(sentences, number)) + "。"

    yield some(6)
    for head, leads in SECTIONS.items():
        yield head
        yield some(4)
        for lead in leads:
            yield f"——{lead},件件有着落。{some(9)}"


BODY = list(_body())


def as_text() -> str:
    rows = [
        f"{TITLE} ——{SUBTITLE}",
        "更新时间:2018-06-01\u00a0\u00a0来源:示例日报",
        f"\u3000\u3000{CAPTION}   ({CREDIT})",
        "    □记者 李明",
        "\u3000\u3000编者按",
        *(f"\u3000\u3000{line}" for line in NOTE),
        *(f"\u3000\u3000{line}" for line in BODY),
        *FURNITURE,
    ]
    return "\n\n".join(rows)


def is_right(values: dict) -> None:
    """Nothing of the page is left to be done by hand but the picture's file."""
    body = values["body"]
    assert values["title"] == TITLE
    assert values["subtitle"] == SUBTITLE.replace("(", "（").replace(")", "）")
    assert values["source_name"] == "示例日报"
    assert values["publish_at_0"] == "2018-06-01"
    assert values["editor_note"] == "\n".join(NOTE).replace(",", "，")
    assert values["byline-0-name"] == "李明"
    assert values["articlephoto-0-caption"] == CAPTION
    assert values["articlephoto-0-credit"] == CREDIT
    assert [part.split("</h2>")[0] for part in body.split("<h2>")[1:]] == [*SECTIONS]
    assert body.count("<p>——") == 9
    assert not set(body) & set(",;()\u3000")
    assert body.startswith(f"<p>〔此处放照片：{CAPTION}〕</p><p>傍晚六点，")
    assert body.endswith("。</p>")
    assert len(body) > 2500
