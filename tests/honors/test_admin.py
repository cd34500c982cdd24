from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from honors import errors, services
from honors.models import AwardEdition, Honoree
from members.enums import UnionLevel
from tests.factories import make_union, make_user, make_worker
from tests.honors.factories import make_edition, make_honoree
from tests.news.factories import make_upload
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db
LIST = "admin:honors_honoree_changelist"


@pytest.fixture
def secretary(client):
    write_roles()
    client.force_login(make_user(roles=["荣誉秘书"], is_staff=True))
    return client


def typed(**fields):
    blank = {
        "cert_no": "",
        "position": "",
        "industry": "",
        "gender": "",
        "ethnicity": "",
        "worker": "",
        "deed": "",
        "deeds": "",
        "motto": "",
        "portrait_focus": "top",
    }
    return blank | fields


def test_confer_admin_adds_a_row_through_the_verb(secretary):
    edition = make_edition()

    response = secretary.post(
        reverse("admin:honors_honoree_add"),
        typed(edition=edition.pk, name="曾示例", employer="示例一厂"),
    )

    assert response.status_code == 302
    assert Honoree.objects.get().sort_key == "zeng1 shi4 li4"


def test_confer_admin_offers_districts_for_the_district_and_no_unit(secretary):
    make_union(name="示例一厂工会")
    district = make_union(name="示例县总工会", level=UnionLevel.COUNTY)

    response = secretary.get(reverse("admin:honors_honoree_add"))

    form = response.context["adminform"].form
    assert list(form.fields["district"].queryset) == [district]


def test_set_portrait_admin_puts_it_in_and_takes_it_away(secretary, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    edition = make_edition()
    filled = typed(edition=edition.pk, name="王示例", employer="示例一厂")
    photo = make_upload(300, 400)

    secretary.post(reverse("admin:honors_honoree_add"), filled | {"portrait": photo})
    honoree = Honoree.objects.get()
    assert honoree.portrait(480)["height"] == 400

    url = reverse("admin:honors_honoree_change", args=[honoree.pk])
    secretary.post(url, filled | {"is_portrait_removed": "on"})
    assert Honoree.objects.get().portrait(480) is None


def test_set_portrait_admin_chosen_outlives_a_mistake_in_another_field(
    secretary, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    edition = make_edition()
    filled = typed(edition=edition.pk, name="", employer="示例一厂")
    photo = make_upload(300, 400)
    url = reverse("admin:honors_honoree_add")

    wrong = secretary.post(url, filled | {"portrait": photo})
    receipt = wrong.context["adminform"].form["receipt"].value()
    assert "照片已收到" in wrong.content.decode()
    assert 'data-kept="已收到照片"' in wrong.content.decode()
    secretary.post(url, filled | {"name": "王示例", "receipt": receipt})

    assert Honoree.objects.get().portrait(480)["height"] == 400
    assert len(list(tmp_path.glob("honors/*"))) == 1


def test_set_portrait_admin_stores_it_once_where_the_row_is_refused(
    secretary, settings, tmp_path, monkeypatch
):
    """The page is then made a second time out of the same upload."""
    settings.MEDIA_ROOT = tmp_path

    def confer(**facts):
        raise Refusal(errors.ALREADY_HONOURED)

    monkeypatch.setattr(services, "confer", confer)
    photo = make_upload(300, 400)

    answer = secretary.post(
        reverse("admin:honors_honoree_add"),
        typed(edition=make_edition().pk, name="王示例", employer="示例一厂")
        | {"portrait": photo},
    )

    assert "照片已收到" in answer.content.decode()
    assert len(list(tmp_path.glob("honors/*"))) == 1


@pytest.mark.parametrize("receipt", ["made up", "e30:1abcde:xyz"])
def test_set_portrait_admin_takes_no_receipt_of_nobody(secretary, receipt):
    answer = secretary.post(
        reverse("admin:honors_honoree_add"),
        typed(edition=make_edition().pk, name="王示例", employer="示例一厂")
        | {"receipt": receipt},
    )

    assert "照片请重新选择" in answer.content.decode()
    assert not Honoree.objects.exists()


def test_confer_edition_admin_is_for_the_secretary_and_says_when_it_is_too_early(
    secretary,
):
    due = make_edition(is_conferred=False)
    later = make_edition(
        is_conferred=False, conferred_on=timezone.localdate() + timedelta(days=1)
    )
    url = reverse("admin:honors_awardedition_changelist")
    chosen = {"action": "confer_selected", "_selected_action": [due.pk, later.pk]}

    page = secretary.post(url, chosen, follow=True).content.decode()

    assert "已授予并公开1届" in page and "还没有到表彰日期" in page
    assert list(AwardEdition.objects.conferred()) == [due]
    secretary.post(url, chosen | {"action": "unconfer_selected"})
    assert not AwardEdition.objects.conferred().exists()


def test_set_portrait_admin_shows_and_takes_it_away_only_where_there_is_one(
    secretary, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    honoree = make_honoree(edition=make_edition(is_conferred=False))
    url = reverse("admin:honors_honoree_change", args=[honoree.pk])
    for address in (reverse("admin:honors_honoree_add"), url):
        page = secretary.get(address).content.decode()
        assert "去掉现有照片" not in page and 'class="portrait"' not in page

    photo = make_upload(300, 400)
    kept = services.keep_portrait(photo)
    services.set_portrait(honoree=honoree, portrait=kept, by=None)
    page = secretary.get(url).content.decode()

    assert "去掉现有照片" in page
    shown = honoree.portrait(480)["url"]
    assert f'<img class="portrait" src="{shown}"' in page
    # not on the wall yet: whoever keeps the honours sees it, and no cache stores it
    answer = secretary.get(shown)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer.content
    assert Client().get(shown).status_code == 404


def test_honoree_admin_list_narrows_to_what_was_revoked(secretary):
    stands, gone = make_honoree(), make_honoree()
    services.revoke(honoree=gone, reason="查实", by=None)

    def found(standing):
        listed = secretary.get(reverse(LIST), {"standing": standing}).context["cl"]
        return list(listed.result_list)

    assert found("valid") == [stands]
    assert found("revoked") == [gone]
    assert len(found("else")) == 2
    assert secretary.get(reverse(LIST)).context["cl"].filter_specs[0].title == "状态"


def test_confer_admin_a_second_time_is_refused_in_the_form_and_keeps_what_was_typed(
    secretary,
):
    honoree = make_honoree(name="王示例", employer="示例一厂")

    response = secretary.post(
        reverse("admin:honors_honoree_add"),
        typed(edition=honoree.edition_id, name="王示例", employer="示例一厂"),
    )

    assert response.status_code == 200
    assert "同一届中已有该单位的这位获奖者" in response.content.decode()
    assert Honoree.objects.count() == 1


def test_revoke_admin_from_the_list_needs_a_reason(secretary):
    honoree = make_honoree(name="王示例")
    asked = {"action": "revoke_selected", "_selected_action": [honoree.pk]}

    between = secretary.post(reverse(LIST), asked).content.decode()
    assert "撤销原因" in between and "请填写撤销原因" not in between
    refused = markup(secretary.post(reverse(LIST), asked | {"reason": " "}))
    assert "请填写撤销原因" in refused
    # the rows stay chosen
    assert f'name="_selected_action" value="{honoree.pk}"' in refused
    assert Honoree.objects.on_wall().exists()

    done = secretary.post(reverse(LIST), asked | {"reason": "查实"}, follow=True)
    assert "已撤销1项荣誉" in done.content.decode()
    assert not Honoree.objects.on_wall().exists()


def test_revoke_admin_one_refused_row_does_not_stop_the_others(secretary):
    first, second = make_honoree(), make_honoree()
    asked = {
        "action": "revoke_selected",
        "reason": "查实",
        "_selected_action": [first.pk],
    }
    secretary.post(reverse(LIST), asked)

    page = secretary.post(
        reverse(LIST), asked | {"_selected_action": [first.pk, second.pk]}, follow=True
    ).content.decode()

    assert f"{first}：这项荣誉已经撤销" in page
    assert "已撤销1项荣誉" in page


def test_revoke_admin_is_not_for_a_juror_who_may_view(client):
    write_roles()
    client.force_login(make_user(roles=["评委"], is_staff=True))
    honoree = make_honoree()
    asked = {
        "action": "revoke_selected",
        "reason": "查实",
        "_selected_action": [honoree.pk],
    }

    assert client.get(reverse(LIST)).status_code == 200
    client.post(reverse(LIST), asked)

    assert Honoree.objects.on_wall().exists()


def test_honoree_admin_never_deletes(client):
    write_roles()
    user = make_user(is_staff=True)
    user.is_superuser = True
    user.save()
    client.force_login(user)
    honoree = make_honoree()

    answer = client.post(
        reverse("admin:honors_honoree_delete", args=[honoree.pk]), {"post": "yes"}
    )

    assert answer.status_code == 403
    assert Honoree.objects.exists()


def test_honoree_admin_ties_to_a_worker_only_for_who_may_see_workers(secretary):
    stranger = make_worker(name="机密姓名")
    honoree = make_honoree(name="王示例")
    url = reverse("admin:honors_honoree_change", args=[honoree.pk])

    page = secretary.post(
        url,
        typed(
            edition=honoree.edition_id,
            name="王示例",
            employer=honoree.employer,
            worker=stranger.pk,
        ),
        follow=True,
    ).content.decode()

    assert "机密姓名" not in page
    assert Honoree.objects.get().worker is None


def test_amend_admin_keeps_the_worker_an_honour_is_tied_to(secretary):
    worker = make_worker(name="王示例")
    honoree = make_honoree(name="王示例", worker=worker)
    url = reverse("admin:honors_honoree_change", args=[honoree.pk])

    answer = secretary.post(
        url,
        typed(
            edition=honoree.edition_id,
            name="王示例",
            employer=honoree.employer,
            deed="新的一句话",
        ),
    )

    honoree.refresh_from_db()
    assert answer.status_code == 302
    assert (honoree.worker, honoree.deed) == (worker, "新的一句话")


@pytest.mark.parametrize("noun", ["awardprogram", "awardedition", "honoree"])
def test_honoree_admin_lists_cost_the_same_however_long(secretary, noun):
    url = reverse(f"admin:honors_{noun}_changelist")
    costs = []
    for rows in (1, 6):
        while Honoree.objects.count() < rows:
            make_honoree()
        secretary.get(url)
        with CaptureQueriesContext(connection) as caught:
            response = secretary.get(url)
        costs.append(len(caught))
        assert len(response.context["cl"].result_list) == rows

    assert costs[0] == costs[1]
