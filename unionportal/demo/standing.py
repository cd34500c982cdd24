"""机构概况 and 办事指南 with something that waits for the second person, what is put
forward, and how often articles were read."""

from datetime import timedelta

from django.utils import timezone

from news import services
from news.enums import PageKind, Slot
from news.models import (
    Article,
    ArticleReaders,
    Placement,
    ReadersOfDay,
    StandingPage,
)
from unionportal.demo.members import City

EDITOR, FINAL = 1, 4  # of the staff
_ABOUT = [
    (
        "我们是谁",
        "攀枝花市总工会是全市职工自愿结合的工人阶级群众组织，在市委和上级工会领导下工作。",
        "<p>主要职责：维护职工合法权益，组织职工开展劳动和技能竞赛，建设职工文化，"
        "为职工提供培训、帮扶、法律和互助保障服务，指导各级工会组织建设。</p>",
    ),
    (
        "领导信息",
        "",
        "<table><thead><tr><th>姓名</th><th>职务</th><th>分工</th></tr></thead><tbody>"
        "<tr><td>示例·周正</td><td>主席</td><td>主持全面工作</td></tr>"
        "<tr><td>示例·李静</td><td>副主席</td><td>宣传教育、职工文化、志愿服务</td></tr>"
        "<tr><td>示例·王强</td><td>副主席</td><td>权益保障、困难帮扶、法律服务</td></tr>"
        "</tbody></table>",
    ),
    (
        "内设机构",
        "",
        "<table><thead><tr><th>机构</th><th>主要工作</th><th>电话</th></tr></thead><tbody>"
        "<tr><td>办公室</td><td>综合协调、会务、信息公开</td><td>0812-0000010</td></tr>"
        "<tr><td>宣教部</td><td>新闻宣传、才艺培训、职工书屋</td><td>0812-0000011</td></tr>"
        "<tr><td>权益保障部</td><td>困难帮扶、法律援助</td><td>0812-0000012</td></tr>"
        "<tr><td>组织部</td><td>建会入会、会籍管理</td><td>0812-0000013</td></tr>"
        "</tbody></table>",
    ),
]
_GUIDES = [
    {
        "title": "怎样加入工会",
        "lead": "在本市用人单位工作、以工资收入为主要生活来源的职工都可以加入。",
        "steps": "向本单位工会提出申请，填写入会申请书\n单位工会委员会审批\n"
        "领取会员证，在本网站完成职工身份认证",
        "papers": "入会申请书1份（单位工会提供）\n身份证复印件1份\n劳动合同复印件1份",
        "place": "本单位工会；单位没有工会的，到所在街道（乡镇）总工会",
        "hours": "工作日 9:00—12:00，14:30—18:00",
        "phone": "0812-0000013",
        "body": "<p>新就业形态劳动者（货车司机、网约车司机、快递员、外卖配送员）"
        "可以直接向行业工会联合会申请。</p>",
    },
    {
        "title": "换了单位，会籍怎么转",
        "lead": "工作单位变动的会员，会籍随劳动关系转移。",
        "steps": "登录本网站，在“我的”中提出会籍转移\n原单位工会确认转出\n新单位工会确认接收",
        "papers": "会员证\n新单位劳动合同复印件1份",
        "place": "网上办理；也可由新单位工会代办",
        "hours": "网上随时提出，两家工会各在5个工作日内答复",
        "phone": "0812-0000013",
        "body": "",
    },
    {
        "title": "遇到困难，怎样申请帮扶",
        "lead": "因病、因灾或家庭收入低而生活困难的会员可以申请。",
        "steps": "向本单位工会申请，说明困难情况\n单位工会入户核实并公示\n"
        "县（区）总工会审核\n市总工会批准，发放到本人银行卡",
        "papers": "困难职工申请表1份\n家庭成员收入证明\n因病的附诊断证明和医疗费票据复印件",
        "place": "市职工服务中心一楼3号窗口",
        "hours": "工作日 9:00—12:00，14:30—18:00",
        "phone": "0812-0000012",
        "body": "",
    },
]
_WAITING = {
    "title": "怎样申请法律援助",
    "lead": "与单位发生劳动争议的职工，可以请工会律师免费帮助。",
    "steps": "拨打职工服务热线或到窗口说明情况\n填写法律援助申请表\n工会指派律师",
    "papers": "身份证复印件1份\n劳动合同、工资条等证据",
    "place": "市职工服务中心一楼5号窗口",
    "hours": "工作日 9:00—12:00，14:30—18:00",
    "phone": "0812-0000012",
    "body": "",
}


def make(city: City) -> int:
    """How many pages."""
    writer, second = city.staff[EDITOR], city.staff[FINAL]
    for order, (title, lead, body) in enumerate(_ABOUT, 1):
        page = StandingPage(
            kind=PageKind.ABOUT, order=order, title=title, lead=lead, body=body
        )
        _publish(page, writer, second)
    for order, words in enumerate(_GUIDES, 1):
        page = StandingPage(kind=PageKind.GUIDE, order=order, **words)
        _publish(page, writer, second)
    waits = StandingPage(kind=PageKind.GUIDE, order=len(_GUIDES) + 1, **_WAITING)
    services.save_page(page=waits, by=writer)
    _put_forward(writer, second)
    _read()
    return len(_ABOUT) + len(_GUIDES) + 1


def _publish(page, writer, second) -> None:
    services.save_page(page=page, by=writer)
    services.approve_page(page=page, by=second)


def _put_forward(writer, second) -> None:
    """Two show, one begins next week, one waits to be approved."""
    now = timezone.now()
    pictured = list(Article.objects.live().with_pictures().order_by("publish_at")[:4])
    starts = [now - timedelta(days=2)] * 2 + [now + timedelta(days=7)] + [now]
    for number, (article, at) in enumerate(zip(pictured, starts, strict=False)):
        placement = Placement(
            slot=Slot.SHOW if number == 0 else Slot.RAIL,
            article=article,
            position=number + 1,
            starts_at=at,
            ends_at=at + timedelta(days=30),
        )
        services.save_placement(placement=placement, by=writer)
        if number < len(pictured) - 1:
            services.approve_placement(placement=placement, by=second)


def _read() -> None:
    """Invented numbers, newer articles more than older ones."""
    today = timezone.localdate()
    articles = list(Article.objects.live().order_by("-publish_at", "-pk")[:40])
    days, totals = [], []
    for place, article in enumerate(articles):
        total = 0
        for ago in range(0, 30, 3):
            if article.publish_at.date() > today - timedelta(days=ago):
                continue
            number = 7 + (place * 37 + ago * 11) % 90 + 400 // (place + 4)
            total += number
            days.append(
                ReadersOfDay(
                    article=article, day=today - timedelta(days=ago), number=number
                )
            )
        if total:
            totals.append(ArticleReaders(article=article, number=total))
    ReadersOfDay.objects.bulk_create(days)
    ArticleReaders.objects.bulk_create(totals)
    services.rank()
