"""A lesson that has begun, to which some have checked in; and a list on paper of the
steward's union, of which half is typed back."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from activities.training.models import CourseClass
from common import picturestore
from signups.models import Occasion, Signup
from signups.services import checkin, papers
from unionportal.demo.members import FIRST_BUSY_MEMBER, STEWARDED, City

STEWARD = 6
ON_PAPER = "太极拳晨练班（周六早）"
TICKED = 6  # on the paper; half of them are typed back


def make(city: City) -> int:
    """How many have checked in."""
    _half_typed_back(city)
    first = city.members[FIRST_BUSY_MEMBER]
    held = Signup.objects.seated().filter(worker=first)
    occasion = (
        Occasion.objects.select_related("offering__rules")
        .filter(offering__in=held.values("offering"))
        .order_by("-starts_at")
    )
    now = checkin.database_now()
    today = [one for one in occasion if checkin.hours_of(one).is_open(now)]
    came = [city.members[FIRST_BUSY_MEMBER + n] for n in (1, 2, 3)] if today else []
    for worker in came:
        checkin.check_in(
            occasion=today[0],
            worker=worker,
            code=checkin.code_of(today[0], now).digits,
            by=worker.user,
        )
    return len(came)


def _half_typed_back(city) -> None:
    steward = city.staff[STEWARD]
    offering = CourseClass.objects.get(name=ON_PAPER, term__number=6).offering
    sheet = papers.print_sheets(
        offering=offering,
        union_org=city.unions[STEWARDED],
        with_accounts=False,
        by=steward,
    )[0]
    kept = picturestore.keep(papers.SHELF, _photo())
    sheet = papers.attach(sheet=sheet, kept=kept, by=steward)
    codes = [papers.code_of(sheet, number + 1) for number in range(TICKED // 2)]
    papers.enter(sheet=sheet, codes=codes, by=steward)


def _photo() -> SimpleUploadedFile:
    """A drawn sheet with six ticks: it shows nobody."""
    page = Image.new("RGB", (900, 1200), "#f4f1ea")
    pen = ImageDraw.Draw(page)
    pen.rectangle((60, 60, 840, 1140), fill="white", outline="#999")
    for n in range(18):
        y = 180 + n * 48
        pen.line((90, y, 810, y), fill="#777", width=2)
        pen.rectangle((540, y + 12, 564, y + 36), outline="#333", width=2)
        pen.line((110, y + 26, 110 + 60 + n * 37 % 90, y + 26), fill="#555", width=8)
        if n < TICKED:
            pen.line((543, y + 24, 552, y + 34, 572, y + 8), fill="#1a3a8a", width=5)
    out = io.BytesIO()
    page.save(out, format="PNG")
    return SimpleUploadedFile("list.png", out.getvalue())
