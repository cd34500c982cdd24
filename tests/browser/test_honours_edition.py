"""A whole edition in a real browser, through all its roles: opened, nominated, reviewed,
scored, voted on, listed, shown to everybody, objected to, approved, conferred, and on
the wall. Each person comes from their own 待办 and only clicks what is on the page.

Weeks lie between the steps. The clocks of the application and of the database stay as
they are: ``weeks_pass`` moves back what the honours' tables say of days and moments.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import expect

from common import pagecache
from honors.enums import Gender, NominationState
from honors.models import AwardEdition, Ballot
from tests.browser.checks import serious
from tests.browser.conftest import enter
from tests.factories import make_user, make_worker
from tests.honors.factories import make_program
from tests.honors.juries import make_juror, make_voter, send
from tests.honors.nominations import (
    know_days_off,
    make_county,
    make_nomination,
    make_reviewer,
    make_secretary,
    make_steward,
    make_unit,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.covers("edition of honours"),
]

PHONE, DESK = {"width": 375, "height": 667}, {"width": 1280, "height": 900}
TITLE = "2018年“示例工匠”"
PDF = {
    "name": "推荐表.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4 %%EOF",
}
_DAYS_AND_MOMENTS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND starts_with(table_name, 'honors_')
    AND data_type IN ('date', 'timestamp with time zone') AND is_generated = 'NEVER'
"""


def weeks_pass(number: int) -> None:
    """Whole weeks, so that working days stay working days. What never changes has its
    triggers: they are off meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_DAYS_AND_MOMENTS)
        columns = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, []).append(column)
        for table, names in columns.items():
            moved = ", ".join(
                f'"{name}" = "{name}" - interval \'{number} weeks\'' for name in names
            )
            cursor.execute(f'UPDATE "{table}" SET {moved}')
    pagecache.forget()


class Walk:
    """One browser in which one person after the other works."""

    def __init__(self, page, site):
        self.page, self.site, self.faults = page, site, []

    def enter(self, user=None, *, at="/admin/", size=DESK):
        """Somebody comes, to their desk unless said; nobody is a guest."""
        self.page.context.clear_cookies()
        if user is not None:
            enter(self.page, user, self.site)
        self.page.set_viewport_size(size)
        self.go(at)

    def go(self, address):
        answer = self.page.goto(self.site + address)
        assert answer.status == 200, address
        self.fits()

    def fits(self):
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], self.page.url

    def is_clean(self):
        """Nothing is serious for axe on the page as it stands; told at the end."""
        self.faults += serious(self.page, self.page.url)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.fits()

    def follow(self, name):
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.fits()

    def fill(self, **typed):
        for name, value in typed.items():
            self.page.fill(f"[name={name}]", str(value))

    def sees(self, *texts):
        for text in texts:
            expect(self.page.locator("#content, main").first).to_contain_text(text)

    def said(self, text):
        expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture
def walk(page, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    walk = Walk(page, live_server.url)
    yield walk
    assert complaints == []
    assert walk.faults == []


def day(number) -> str:
    return (timezone.localdate() + timedelta(days=number)).isoformat()


def open_edition(walk, secretary):
    page = walk.page
    walk.enter(secretary)
    walk.follow("荣誉届次")
    walk.follow("新增评选届次")
    page.locator(".field-program .select2-selection").click()
    page.locator(".select2-search__field").fill("示例")
    page.get_by_role("option", name="示例工匠").click()
    walk.fill(
        year=2018, title=TITLE, quota=1, quorum=2, vote_weight=20,
        nominators="全市基层工会",
        nominations_open_at_0=day(-1), nominations_open_at_1="09:00",
        nominations_close_at_0=day(27), nominations_close_at_1="18:00",
        county_review_by=day(34), jury_from=day(35), jury_until=day(48),
        vote_opens_at_0=day(35), vote_opens_at_1="00:00",
        vote_closes_at_0=day(48), vote_closes_at_1="18:00",
        conferred_on=day(90), awarding_body="示例市总工会",
    )  # fmt: skip
    page.locator(".add-row a").click()
    page.select_option("[name=composition-0-kind]", label="一线职工")
    page.select_option("[name=composition-0-bound]", label="不低于")
    walk.fill(**{"composition-0-percent": 60})
    walk.press("保存")
    row = page.get_by_role("row").filter(has_text=TITLE)
    row.get_by_role("link", name="推荐与进度").click()
    walk.press("发布这一届")
    walk.said("已发布")
    return AwardEdition.objects.get(title=TITLE)


def nominate(walk, steward):
    page = walk.page
    walk.enter(steward)
    walk.follow("推荐先进人物")
    walk.page.set_viewport_size(PHONE)
    walk.follow(f"推荐：{TITLE}")
    page.fill("#q", "王示例")
    walk.press("查找")
    page.get_by_role("button", name=re.compile("推荐.*王示例")).click()
    expect(page.locator("[name=name]")).to_have_value("王示例")
    page.select_option("[name=gender]", label="女")
    page.select_option("[name=industry]", label="钢铁钒钛")
    walk.fill(position="炉前工")
    page.locator("[name=is_frontline]").check()
    walk.is_clean()
    walk.press("保存，下一步")
    walk.fill(
        brief="守炉十五年，带出三名徒弟。", deeds="每天先绕炉走一圈。\n再看仪表。"
    )
    expect(page.locator("[data-count]").first).to_have_text("13")
    walk.press("保存，下一步")
    walk.is_clean()
    for paper in ("推荐表（盖章）", "职代会或单位集体研究意见"):
        page.select_option("[name=required]", label=paper)
        page.set_input_files("[name=file]", PDF)
        walk.press("上传")
    walk.follow("下一步：核对")
    walk.is_clean()
    walk.fill(place="厂区宣传栏")
    walk.press("开始单位公示")
    walk.sees("厂区宣传栏", "单位公示结束后，回到这一页提交")


def hand_on(walk, steward):
    walk.enter(steward)
    walk.follow("推荐材料待填写、待提交")
    walk.page.set_viewport_size(PHONE)
    walk.follow("王示例")
    walk.press("提交上级工会审核")
    walk.said("已提交")


def review(walk, reviewer, queue, button):
    page = walk.page
    walk.enter(reviewer)
    walk.follow(queue)
    walk.follow("王示例")
    walk.is_clean()
    walk.fill(reason="同意推荐。")
    page.set_input_files("[name=file]", PDF)
    walk.press(button)


def judge(walk, secretary, jurors, edition, unit):
    page = walk.page
    walk.enter(secretary)
    walk.follow("待开始评审的届次")
    walk.follow(re.compile(f"评委与评审.*{TITLE}"))
    for juror in jurors:
        page.select_option("[name=user]", label=juror.name)
        if juror is jurors[-1]:
            walk.fill(union=unit.name)
        walk.press("聘任")
    walk.press("开始评审")
    walk.sees("回避", jurors[-1].name)
    walk.is_clean()

    walk.enter(jurors[-1])
    walk.follow("评审材料待评分")
    expect(page.locator("main")).not_to_contain_text("王示例")
    hidden = edition.nominations.get(name="王示例")
    for paper in hidden.documents.all():
        answer = page.request.get(f"{walk.site}/honors/documents/{paper.pk}/")
        assert answer.status == 404

    walk.enter(jurors[0])
    walk.follow("评审材料待评分")
    walk.page.set_viewport_size(PHONE)
    walk.follow("王示例")
    boxes = page.locator("[name^=score-]")
    for number in range(boxes.count()):
        boxes.nth(number).fill("92")
    walk.fill(comment="技艺过硬。")
    walk.is_clean()
    walk.press("提交评分")
    walk.said("已提交")
    waiting = Ballot.objects.filter(seat__edition=edition, submitted_at=None)
    for ballot in waiting.select_related("nomination"):
        send(ballot, 90 if ballot.nomination == hidden else 70)


def vote(walk, voter, edition):
    page = walk.page
    walk.enter(voter.user, at=f"/honors/editions/{edition.pk}/", size=PHONE)
    walk.follow("去投票")
    page.get_by_label("王示例").check()
    walk.is_clean()
    walk.press("下一步：核对")
    walk.press("确认投票")
    walk.said("已投票")


def make_list(walk, secretary):
    page = walk.page
    walk.enter(secretary)
    walk.follow("评分已齐，待签认")
    walk.follow(re.compile(f"评委与评审.*{TITLE}"))
    walk.press("签认评审结果")
    walk.follow("打印评审记录")
    walk.sees("王示例", "技艺过硬。")
    walk.is_clean()
    walk.enter(secretary)
    walk.follow("待确定拟推荐名单")
    walk.follow(re.compile(f"拟推荐名单.*{TITLE}"))
    meter = page.locator("[data-meter]")
    expect(meter).to_contain_text("占100")
    walk.is_clean()
    page.get_by_label("王示例").uncheck()
    page.get_by_label("李经理").check()
    expect(meter).to_contain_text("不符合")
    page.get_by_label("李经理").uncheck()
    page.get_by_label("王示例").check()
    expect(meter).not_to_contain_text("不符合")
    walk.press("确定名单")
    walk.press("通知各推荐单位")
    walk.said("结果已同时通知")


def put_up(walk, secretary):
    walk.enter(secretary)
    walk.follow("待公示的拟推荐人选")
    walk.follow(TITLE)
    walk.fill(phone="0812-0000000", address="示例路1号", office="示例市总工会")
    walk.press("核对截止日期")
    walk.is_clean()
    walk.press("发布公示")
    walk.said("已发布公示")


def oppose(walk, edition) -> str:
    """By a guest on a telephone; the number of the receipt."""
    page = walk.page
    walk.enter(at=edition.get_absolute_url(), size=PHONE)
    walk.follow(f"关于{TITLE}拟推荐人选的公示")
    walk.sees("王示例", "示例路1号")
    walk.is_clean()
    walk.follow("提出异议")
    walk.is_clean()
    walk.fill(name="赵反映", phone="13700001234", text="请核实带徒的人数。")
    page.select_option("[name=nomination]", label="王示例")
    walk.press("提交异议")
    said = page.locator("body").inner_text()
    return re.search(r"回执编号：([0-9A-Z-]+)", said)[1]


def ask_about(walk, receipt) -> str:
    walk.enter(at="/honors/objections/", size=PHONE)
    walk.fill(receipt=receipt, last4="1234")
    walk.press("查询")
    return walk.page.locator("main").inner_text()


def answer(walk, secretary):
    walk.enter(secretary)
    walk.follow("公示异议待办结")
    row = walk.page.get_by_role("row").filter(has_text=TITLE)
    row.get_by_role("link").first.click()
    walk.sees("请核实带徒的人数。")
    walk.is_clean()
    walk.press("开始调查核实")
    walk.fill(text="已与班组谈话。")
    walk.press("记入卷宗")
    walk.fill(text="三名徒弟均有协议，反映不属实。")
    walk.press("办结：异议不成立")
    walk.said("已办结")


@pytest.mark.slow  # a whole edition: nine people, some seventy pages
def test_edition_is_walked_through_all_its_roles(walk):
    page = walk.page
    know_days_off()
    make_program(name="示例工匠")
    county = make_county(name="西区总工会")
    unit = make_unit(county, name="示例炼铁厂工会")
    worker = make_worker(name="王示例", union_org=unit, user=make_user())
    secretary, steward = make_secretary(), make_steward(unit)
    jurors = [make_juror(name=f"评委{n}") for n in "甲乙丙"]

    edition = open_edition(walk, secretary)
    nominate(walk, steward)
    weeks_pass(2)
    hand_on(walk, steward)
    review(walk, make_reviewer(county), "推荐人选待审核", "同意推荐")
    make_nomination(
        NominationState.ELIGIBLE,
        edition=AwardEdition.objects.get(pk=edition.pk),
        name="李经理",
        gender=Gender.MAN,
        is_head=True,
    )
    review(walk, secretary, "推荐人选待资格审查", "资格审查通过")
    weeks_pass(3)
    judge(walk, secretary, jurors, edition, unit)
    vote(walk, make_voter(), edition)
    weeks_pass(2)
    make_list(walk, secretary)

    put_up(walk, secretary)
    receipt = oppose(walk, edition)
    weeks_pass(2)
    walk.enter(secretary)
    walk.follow("公示")
    walk.follow(f"关于{TITLE}拟推荐人选的公示")
    walk.sees("有异议未办结")
    expect(page.get_by_role("button", name="审定", exact=True)).to_have_count(0)
    answer(walk, secretary)
    assert "不成立" in ask_about(walk, receipt)
    walk.enter(secretary)
    walk.follow("公示期满，待审定")
    walk.follow(f"关于{TITLE}拟推荐人选的公示")
    walk.fill(reason="主席办公会议")
    walk.press("审定")
    walk.said("已审定1名人选")

    weeks_pass(4)
    page.reload()
    walk.follow("去授予")
    page.locator(".action-select").first.check()
    page.select_option("[name=action]", label="授予并公开所选届次")
    walk.press("执行")
    walk.said("已授予并公开1届")

    honoree = edition.honorees.get()
    walk.enter(at="/honors/", size=PHONE)
    page.fill("#name-folded", "王示例")
    page.press("#name-folded", "Enter")
    walk.follow(re.compile("王示例.*示例炼铁厂"))
    walk.sees("示例炼铁厂", TITLE)
    walk.enter(worker.user, at=f"/honors/certificates/{honoree.certificate.number}/")
    walk.sees("王示例", honoree.cert_no)
    walk.is_clean()
    walk.enter(at="/verify/", size=PHONE)
    walk.fill(number=honoree.cert_no)
    walk.press("查验")
    walk.sees("证书有效", "王")
