"""What nobody reads on the pages of the honours: a telephone, the number of a document, a
birth date, a home address; of who was nominated, objects, or was honoured."""

import pytest
from django.test import Client
from django.urls import reverse

from honors import services
from honors.enums import NominationState
from honors.models import Honoree
from honors.services import objections, oldhonours, publicnotices
from members import phones
from tests.factories import make_worker_with_login
from tests.honors.nominations import (
    know_days_off,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.honors.objections import object_to

pytestmark = pytest.mark.django_db
PRIVATE = ("13712340000", "510402197001011234", "1970-01-01", "示例路99号")


def test_public_pages_of_honours_hold_nothing_that_leads_to_a_person():
    know_days_off()
    secretary, worker = make_secretary(), make_worker_with_login()
    person = make_nomination(NominationState.CITY_NOTICE, worker=worker)
    notice = put_up([person])
    objection = object_to(notice, secretary, phone=PRIVATE[0], text=PRIVATE[3])
    objections.investigate(objection=objection, by=secretary)
    objections.dismiss(objection=objection, by=secretary, outcome="不属实")
    publicnotices.approve(notice=notice, by=secretary)
    services.confer_edition(edition=person.edition, by=secretary)
    head = "年份,荣誉称号,姓名,出生日期,身份证号码,家庭住址,手机号码"
    row = oldhonours.upload(
        file_name="名单.csv",
        content=f"{head}\n1998,示例称号,王伟,{','.join(PRIVATE[2::-1])},示例路99号".encode(),
        by=None,
    )
    oldhonours.apply(honour_import=row, by=None, is_public=True)
    phone = phones.of(worker.user).removeprefix("+86")
    pages = [reverse("honors:honoree-list"), reverse("honors:notice-list")]
    pages += [notice.get_absolute_url(), person.edition.get_absolute_url()]
    pages += [one.get_absolute_url() for one in Honoree.objects.all()]
    certificate = Honoree.objects.get(worker=worker).certificate
    pages.append(f"{reverse('verify')}?number={certificate.number}")

    for page in pages:
        answer = Client().get(page)
        html = answer.content.decode()

        assert answer.status_code == 200, page
        assert [word for word in (*PRIVATE, phone) if word in html] == [], page
    assert Honoree.objects.on_wall().count() == 2
