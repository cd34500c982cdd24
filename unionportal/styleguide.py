"""The style page of development: every component of the public pages in every state,
printed by the very partials and the very state button that the pages use."""

from datetime import date, timedelta
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils import timezone
from django.views.generic import TemplateView

from common import charts, facets
from common.errors import Reason
from common.moments import DayField
from members.models import User, Worker
from signups.buttons import button, seats_line
from signups.enums import Mode, SignupStatus
from signups.models import Draw, Offering, Signup
from signups.services.standing import Standing

LONG_TITLE = (
    "示例" + "市总工会宣传教育与职工文化工作" * 7
)  # 107 characters: more than any
LONG_NAME = "示例·阿卜杜热合曼·买买提吐尔逊·努尔艾合麦提·阿不都"
DAY = date(2018, 6, 1)


class SampleForm(forms.Form):
    """A field of every kind."""

    name = forms.CharField(label="姓名", help_text="请按身份证填写")
    phone = forms.CharField(
        label="手机号",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    kind = forms.ChoiceField(label="门类", choices=[("a", "声乐"), ("b", "舞蹈")])
    day = DayField(
        label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    worker = forms.ChoiceField(
        label="是否一线职工",
        choices=[("y", "是"), ("n", "否")],
        widget=forms.RadioSelect,
        help_text="一线职工预留6席",
        error_messages={"required": "请选择是否一线职工"},
    )
    likes = forms.MultipleChoiceField(
        label="兴趣",
        choices=[("a", "声乐"), ("b", "茶艺"), ("c", "摄影")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = forms.FileField(label="照片", required=False, help_text="不超过10MB")
    agree = forms.BooleanField(
        label="我已阅读并同意报名须知",
        error_messages={"required": "请先阅读并同意报名须知，再打勾。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.disable_csrf = True
        self.helper.form_method = "get"
        self.helper.layout = Layout(
            Fieldset("个人信息", Row("name", "phone"), Row("kind", "day"), "worker"),
            "likes",
            "note",
            "photo",
            "agree",
            Submit("send", "提交", css_id=self.auto_id % "send"),
        )

    def clean_phone(self):
        raise forms.ValidationError("手机号码应为11位数字")

    def clean(self):
        raise forms.ValidationError("每人限报2门，您已报：声乐基础班。")


class StyleguideView(TemplateView):
    template_name = "styleguide.html"

    def get_context_data(self, **kwargs):
        typed = {"name": LONG_NAME, "phone": "138", "kind": "b"}
        blank, filled = SampleForm(auto_id="a_%s"), SampleForm(typed, auto_id="b_%s")
        return super().get_context_data(
            crumbs=[("样式", ""), (LONG_TITLE, "")],
            tones=["ok", "warn", "err"],
            swatches=SWATCHES,
            sheets=[("空白", blank), ("有误", filled)],
            states=list(_states()),
            seats=[
                (3, 40, "余37席", False),
                (36, 40, "余4席", True),
                (40, 40, "", True),
            ],
            articles=_articles(),
            people=_people(),
            teams=_teams(),
            figures=[("举办活动", "530", "余场次"), ("参与职工", "13", "万人次")],
            signup_steps=["填写手机号", "填写验证码", "认证身份", "报名"],
            timeline=_timeline(),
            table_head=["次", "日期", "内容"],
            table_rows=[[1, "12-08", "呼吸与站姿"], [2, "12-15", LONG_TITLE]],
            cards=_cards(),
            page_obj=Paginator(range(90), 10).page(5),
            facets=[
                facets.facet(
                    "年份",
                    "year",
                    [("2018", "2018年", 12)],
                    {"year": "2018"},
                    whole="全部",
                )
            ],
            words=["劳模", "培训班", "法律援助"],
            marked=[("免费", False), ("培训班", True), ("开始报名", False)],
            picks=[facets.Pick("2018年", "?"), facets.Pick("有图", "?")],
            chart=charts.bars(
                key="seats",
                title="各班报名人数",
                of="班",
                series=["已报", "候补"],
                rows=[("声乐班", [36, 4]), (LONG_TITLE[:24], [12, 0])],
            ),
            day=DAY,
            long_title=LONG_TITLE,
            levels=LEVELS,
            **kwargs,
        )


# as tokens.css names them; the sheet of this page knows the classes
SWATCHES = [
    "red-8", "red-7", "red-6", "red-1", "gold-2", "gold-5", "gold-6", "gold-7",
    "gold-bg", "ink", "ink-2", "ink-3", "paper", "paper-2", "card", "line", "line-2",
    "blue", "blue-bg", "visited", "ok", "ok-bg", "warn", "warn-bg", "err", "err-bg", "off-bg",
]  # fmt: skip
LEVELS = [
    ("national", "全国"),
    ("provincial", "省级"),
    ("city", "市级"),
    ("unit", "单位"),
]


def _states():
    """(what it is, Standing, Button, seats line) of every state of an offering, as the
    desk and its button make it. Nothing is read from or written to the database."""
    now = timezone.now()
    hour = timedelta(hours=1)
    worker, account, visitor = Worker(), User(), AnonymousUser()

    def made(what, *reasons, user=account, **fields):
        offering = Offering(
            pk=1,
            title="声乐基础班",
            url_name="activities:training:term-current",
            opens_at=fields.pop("opens_at", now - hour),
            closes_at=fields.pop("closes_at", now + 26 * hour),
            starts_at=fields.pop("starts_at", now + 200 * hour),
            cancel_until=now + 150 * hour,
            withdrawn_reason=fields.pop("withdrawn_reason", ""),
            withdrawn_at=fields.pop("withdrawn_at", None),
            mode=fields.pop("mode", Mode.FIRST),
        )
        standing = Standing(
            offering=offering,
            now=now,
            worker=fields.pop("worker", worker),
            capacity=40,
            taken=40 - fields.get("left", 23),
            reasons=[Reason(code, text) for code, text in reasons],
            **{"left": 23} | fields,
        )
        if standing.signup:
            standing.signup.offering = offering
        return what, standing, button(standing, user=user), seats_line(standing)

    full = {"left": 0}
    clash = ("clash", "与您已报的“茶艺基础班”时间冲突。")
    yield made("访客", user=visitor, worker=None)
    yield made("访客，名额已满", user=visitor, worker=None, **full)
    yield made("未认证", worker=None)
    yield made("可以报名")
    yield made("名额紧张", left=2)
    yield made("候补", waiting=9, **full)
    yield made("预留名额", reserved_left=6, **full)
    yield made("尚未开始", ("not_open", ""), opens_at=now + 30 * hour)
    yield made("已报名", signup=Signup(pk=1, status=SignupStatus.SEATED))
    yield made(
        "候补中", signup=Signup(pk=1, status=SignupStatus.WAITING), rank=3, waiting=9
    )
    offer = Signup(pk=1, status=SignupStatus.OFFERED, offer_until=now + 20 * hour)
    yield made("待确认名额", signup=offer)
    yield made("不是会员", ("not_member", "本项限工会会员。"), clash)
    yield made("已不在册", ("left_union", "您已不在“示例工会”的名册上。"))
    yield made("已达限报门数", ("limit", "本期每人限报2门，您已报：声乐、茶艺。"))
    yield made("时间冲突", clash)
    yield made("当天已满", ("day_full", "每天最多服务8小时，您当天已报“河道清洁”。"))
    yield made("休息不足", ("rest", "与您已报的“河道清洁”相隔不足60分钟。"))
    yield made("路上时间不足", ("travel", "与您已报的“河道清洁”不在一处。"))
    yield made("暂停报名", ("suspended", "您的有效计分已满3分，暂停报名。"))
    yield made("取消次数过多", ("returned_often", "您一天内取消本项的次数过多。"))
    draw = Draw(pk=1, most_choices=3, results_at=now + 60 * hour)
    drawn = {"draw": draw, "mode": Mode.DRAW}
    choice = Signup(pk=1, status=SignupStatus.APPLIED, choice_rank=1)
    yield made("摇号，可以登记", **drawn)
    yield made("摇号，已登记", signup=choice, **drawn)
    yield made("志愿已满", ("choices_full", "您登记的志愿已到上限。"), **drawn)
    yield made("待摇号", ("closed", ""), closes_at=now - hour, **drawn)
    yield made("名额和候补都满", ("full", "名额和候补都已满。"), **full)
    yield made("已截止", ("closed", ""), closes_at=now - hour)
    yield made("已开课", ("closed", ""), closes_at=now - 9 * hour, starts_at=now - hour)
    yield made("已结课", ("over", ""))
    yield made(
        "已停办", ("withdrawn", ""), withdrawn_at=now, withdrawn_reason="报名不足10人"
    )
    yield made("未公开", ("not_listed", ""))


def _timeline():
    days = [DAY, DAY - timedelta(days=365), DAY - timedelta(days=730)]
    return [
        {"day": day, "title": "示例工匠表彰", "url": url, "notes": ["市总工会"]}
        for day, url in zip(days, ["#text", "", "#text"], strict=True)
    ]


def _cards():
    facts = [("地址", "示例路1号"), ("电话", "0812-0000000")]
    return [
        {"title": "培训", "url": "#text", "text": "免费课程。", "act": "看课程", "is_first": True},
        {"title": "场馆", "url": "#text", "facts": facts, "act": "看场馆"},
        {"title": LONG_TITLE, "url": "#text"},
    ]  # fmt: skip


def _articles():
    picture = SimpleNamespace(
        url="/static/img/honour-beautiful.svg",
        srcset="/static/img/honour-beautiful.svg 300w",
        width=300,
        height=400,
        alt="示例图片",
    )
    common = {"url": "#", "day": "2018-06-01", "short_day": "06-01"}
    return [
        SimpleNamespace(
            title="五年同行，把“家”安在职工身边",
            summary="免费培训、文艺演出、职工书屋，一件件办在身边。",
            source="市总工会",
            chips=["置顶", "系列（一）"],
            thumb=picture,
            **common,
        ),
        SimpleNamespace(
            title=LONG_TITLE, summary="", source="", chips=[], thumb=None, **common
        ),
    ]


def _people():
    rows = [(code, word, False) for code, word in LEVELS] + [("city", "市级", True)]
    return [
        SimpleNamespace(
            url="#",
            name="示例班组"
            if is_group
            else (LONG_NAME if code == "unit" else "示例某"),
            level_code=code,
            level=word,
            title="示例工匠 2018",
            unit="示例炼铁厂",
            deed="三十年守在一台炉前，带出十二名徒弟。",
            portrait=SimpleNamespace(
                url=static(f"img/honour-{'collective' if is_group else 'model'}.svg"),
                width=300,
                height=400,
                ground="gold",
            ),
        )
        for code, word, is_group in rows
    ]


def _teams():
    return [
        SimpleNamespace(
            url="#",
            name=name,
            category="文艺" if is_recruiting else "",
            leader="示例某",
            members=32,
            hours=hours,
            last_event_on=DAY if hours else None,
            is_recruiting=is_recruiting,
            picture_url=static(f"img/team-{kind}.svg"),
        )
        for name, kind, hours, is_recruiting in [
            ("示例文艺志愿服务队", "culture", 1280, True),
            (LONG_TITLE[:40], "other", None, False),
        ]
    ]
