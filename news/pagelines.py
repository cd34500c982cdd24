"""What the lines around an article say: the furniture of a web page, its dateline, who
wrote it, a caption. Each reads text and changes nothing."""

import re
from dataclasses import dataclass
from datetime import date

from common.markup import Node
from news.enums import BylineRole


def words(block: Node) -> str:
    return " ".join(re.sub("[\u3000\u00a0]", " ", block.text).split())


# What follows one of these to the end, as long as it is short, is not the article.
_TAIL = re.compile(
    r"(?:相关(?:阅读|链接|新闻|文章|内容|推荐|报道)|延伸阅读|推荐阅读|网友评论|发表评论|"
    r"最新评论|点击排行|热门(?:文章|新闻|推荐|点击)|图文推荐|猜你喜欢|排行榜|"
    r"(?:上|下)一(?:篇|条)|版权(?:声明|所有)|免责声明|【?(?:打印|关闭)|阅读原文|"
    r"扫一扫|长按(?:识别|二维码)|友情链接|返回(?:顶部|首页|列表)|预览时标签不可点|"
    r"微信扫一扫|分享到|喜欢此内容的人还喜欢|Copyright|©)"
)
_FURNITURE = re.compile(
    r"(?:您?(?:现在|当前)的?位置|当前位置|首页\s*[>›»]|用户名?\s*[:：]?$|密码\s*[:：]?$|"
    r"验证码|匿名发表|登录|注册$|字体\s*[:：]|【?字号|大 中 小|浏览(?:次数|量)?\s*[:：]|"
    r"点击(?:数|量|次数)?\s*[:：]|阅读(?:次数|量|数)?\s*[:：]|打印|关闭|收藏|分享|扫一扫|"
    r"点击上方|点击蓝字|关注我们|长按|在看|点赞|投诉|阅读原文|网友评论|评论\s*[(（]?\d*|"
    r"ICP备|[京沪川][A-Z]?ICP|公网安备|上一篇|下一篇|微信扫|设置字体|视力保护)"
)
_SHORT = 60
_TRIVIAL = re.compile(r"[\s•·|>›»\d:：\-—【】\[\]/]*")


def furniture(blocks: list[Node]) -> list[int]:
    """Where the blocks stand that belong to a web page and not to the article."""
    texts = [words(block) for block in blocks]
    found = set()
    for at, text in enumerate(texts):
        is_edge = at < 6 or at >= len(texts) - 12
        if is_edge and len(text) <= _SHORT and _FURNITURE.match(text):
            found.add(at)
    start = len(texts)
    for at in range(len(texts) - 1, -1, -1):
        is_prose = blocks[at].tag not in ("ul", "ol", "table", "div") and (
            len(texts[at]) > _SHORT or texts[at].endswith("。")
        )
        if _TAIL.match(texts[at].strip("•· \u3000【")):
            start = at
        elif is_prose:
            break
    found.update(range(start, len(texts)))
    if len(found) == len(texts):
        return []  # a page of nothing else is what somebody wrote
    for at in (*range(min(6, len(texts))), *range(max(0, len(texts) - 12), len(texts))):
        beside = {at - 1, at + 1} & found
        if beside and blocks[at].tag == "p" and _TRIVIAL.fullmatch(texts[at]):
            found.add(at)
    return sorted(found)


DATE = re.compile(
    r"(\d{4})\s*[-/.年－]\s*(\d{1,2})\s*[-/.月－]\s*(\d{1,2})\s*日?"
    r"(?:\s*(\d{1,2})\s*[:：时]\s*(\d{2})分?(?:[:：]\d{2})?)?"
)
_WHEN = r"(?:更新|发布|发表|刊发|发稿|录入|编辑)?(?:时间|日期|于)\s*[:：]?"
_KEYED = re.compile(
    r"(?:(来源|稿源|信息来源|文章来源|转自|出处)|(作者|记者|撰稿|通讯员|编辑|责任编辑)|"
    r"(点击|浏览|阅读|人气|字体|字号)(?:次数|数|量)?)\s*[:：]\s*"
    r"([^\s:：|]{0,30})"
)
MEDIA = re.compile(r".*(?:报|报社|网|新闻|电视台|广播|客户端|通讯社|社|杂志|发布)$")


@dataclass
class Line:
    """What a line between title and text says: 更新时间、来源."""

    day: str = ""
    clock: str = ""
    source: str = ""
    credits: tuple = ()


def read_dateline(text: str) -> Line | None:
    if not text or len(text) > 150:
        return None
    line, rest = Line(), text
    for match in _KEYED.finditer(text):
        source, writer, _count, value = match.groups()
        if source:
            line.source = value.strip("（）()")
        elif writer and value:
            role = _ROLES.get(writer, BylineRole.AUTHOR)
            line.credits += ((str(role), value),)
        rest = rest.replace(match[0], " ", 1)
    if when := DATE.search(rest):
        try:
            line.day = date(*(int(part) for part in when.groups()[:3])).isoformat()
        except ValueError:
            return None
        if when[4] and int(when[4]) < 24 and int(when[5]) < 60:
            line.clock = f"{int(when[4]):02}:{when[5]}:00"
        rest = rest.replace(when[0], " ", 1)
        rest, keyed = re.subn(_WHEN, " ", rest)
        name = re.sub(r"[\s|｜/【】\[\]()（）·•]", "", rest)
        if not keyed and not line.source and _is_name_of_source(name):
            line.source, rest = name, ""  # as WeChat prints it: 工会之声 2018-06-01
        elif not (keyed or line.source or line.credits):
            return None
    elif not line.source:
        return None
    if len(re.sub(r"[\s|｜/【】\[\]()（）·•大中小\d]", "", rest)) > 6:
        return None
    if line.day and not "1949" <= line.day[:4] <= "2199":
        return None
    return line


def _is_name_of_source(name: str) -> bool:
    return bool(re.fullmatch(r"[\u4e00-\u9fff\w]{2,20}", name)) and not re.search(
        r"\d", name
    )


_ROLES = {
    "记者": BylineRole.REPORTER,
    "通讯员": BylineRole.CORRESPONDENT,
    "作者": BylineRole.AUTHOR,
    "撰稿": BylineRole.AUTHOR,
    "供稿": BylineRole.AUTHOR,
    "文": BylineRole.AUTHOR,
    "摄影": BylineRole.PHOTOGRAPHER,
    "图": BylineRole.PHOTOGRAPHER,
    "摄": BylineRole.PHOTOGRAPHER,
    "编辑": BylineRole.EDITOR,
    "责任编辑": BylineRole.RESPONSIBLE,
    "责编": BylineRole.RESPONSIBLE,
    "审核": BylineRole.REVIEWER,
    "审校": BylineRole.REVIEWER,
    "校对": BylineRole.REVIEWER,
}
_BY_LENGTH = sorted(_ROLES, key=len, reverse=True)
_OF_HOUSE = re.compile(r"^(?:本报|本网|本刊|本台|全媒体|首席|特约|见习|实习|工会)+")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff·]{1,12}")
_ORNAMENT = "□■◇◆●○▲△★☆*【】[]（）()　 \t"


def read_byline(text: str) -> tuple[tuple[str, str], ...]:
    """(role, name) of a line that says who wrote it and nothing else; or nothing."""
    if not text or len(text) > 60 or set(text) & set("。！？；“”"):
        return ()
    role, names, has_role = None, [], False
    # □记者王刚; without such a mark, 记者走进车间 is a sentence
    is_marked = text[0] in _ORNAMENT or bool(_OF_HOUSE.match(text))
    parts = re.split(r"[\s、，,:：/／|()（）]+", text.strip(_ORNAMENT))
    for word in filter(None, parts):
        word = _OF_HOUSE.sub("", word.strip(_ORNAMENT))
        if not word:
            continue
        known = next((key for key in _BY_LENGTH if word.startswith(key)), None)
        if known:
            rest = word.removeprefix(known)
            if not rest or (is_marked and _NAME.fullmatch(rest)):
                role, has_role = _ROLES[known], True
                word = rest
        if not word:
            continue
        if role is None or not _NAME.fullmatch(word):
            return ()
        names.append((str(role), word))
    return tuple(dict.fromkeys(names)) if has_role else ()


_CREDIT = re.compile(
    r"\s*[（(]\s*([^（()）]{1,40}?(?:供图|摄影|摄|提供|制图|图片|图))\s*[)）]\s*[。.]?$"
)
_SIGNED_BY = re.compile(r"[。.\s]\s*([^。\s]{2,20}?\s*(?:摄|供图|摄影))$")


def read_caption(text: str) -> tuple[str, str] | None:
    if len(text) > 150:
        return None
    found = _CREDIT.search(text) or _SIGNED_BY.search(text)
    if not found:
        return None
    caption = text[: found.start()].strip()
    if caption and found.re is _SIGNED_BY and text[found.start()] == "。":
        caption += "。"
    return (caption, found[1].strip()) if caption else None
