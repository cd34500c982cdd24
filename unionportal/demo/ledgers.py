"""The newsroom's ledgers: a list of fixed wording, the union's channels, one that nobody
looked at in time, one with a fault that is not put right, a column that is behind,
and what the guard finds in an article."""

from datetime import timedelta

from django.utils import timezone

from news.enums import Severity, Stage
from news.models import Article, Channel, Column, Inspection
from news.services import channels, content_of, save_column, waive, wording
from unionportal.demo.members import City

SECOND, FINAL = 3, 4  # of the staff: the second and the final reviewer
_PHRASES = """帐号 → 账号
登陆网站 → 登录网站
既使 → 即使
职工文化站 → 职工文化驿站
不忘初心、牢记使命
劳模精神、劳动精神、工匠精神"""
_HOST = "示例市总工会"
# name, kind, sponsor, responsible, every so many days, looked at so many days ago
_CHANNELS = [
    ("《示例工运》", "newspaper", "宣传教育部", "示例·周（主编）", 90, 20),
    ("市总工会网站", "site", "网络工作部", "示例·吴（部长）", 30, 12),
    ("“示例工会”微博", "weibo", "网络工作部", "示例·郑（编辑）", 7, 3),
    ("“示例工会”微信公众号", "wechat", "网络工作部", "示例·郑（编辑）", 7, 15),
    ("“示例工会”客户端", "app", "网络工作部", "示例·吴（部长）", 30, 25),
    ("文化宫宣传栏", "board", "工人文化宫", "示例·冯（馆员）", 14, 5),
    ("示例职工书屋", "reading_room", "工人文化宫", "示例·陈（管理员）", 60, 40),
    ("职工大讲坛", "forum", "宣传教育部", "示例·周（主编）", 180, 70),
]


def make(city: City) -> int:
    """How many channels."""
    by, today = city.staff[FINAL], timezone.localdate()
    wording.paste_phrases(text=_PHRASES, by=by)
    for name, kind, sponsor, responsible, every, ago in _CHANNELS:
        channel = Channel(
            name=name,
            kind=kind,
            host=_HOST,
            sponsor=sponsor,
            responsible=responsible,
            inspect_every_days=every,
        )
        channels.save_channel(channel=channel, by=by)
        seen = Inspection(channel=channel, on=today - timedelta(days=ago))
        if kind == "board":
            seen.severity = Severity.MINOR
            seen.findings = "左起第二栏的海报已过期，玻璃有裂纹。"
            seen.due_on = today
        channels.save_inspection(inspection=seen, by=by)
    for number, column in enumerate(Column.objects.active().order_by("order")):
        column.update_every_days = 30 if number else 7
        save_column(column=column, by=None)
    _let_stand(city)
    return len(_CHANNELS)


def _let_stand(city: City) -> None:
    """In what waits for the final review the second reviewer let one find stand, by
    name; the other is still to be dealt with."""
    for article in Article.objects.awaiting(Stage.FINAL):
        content = content_of(article.review_version)
        hits = wording.check(article=article, content=content).hits
        if len(hits) > 1:
            waive(
                article=article,
                key=hits[0].key,
                by=city.staff[SECOND],
                reason="节目单上的原文，当时的名称",
            )
