from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import pagecache
from common.errors import Refusal
from common.models import Change
from honors import services
from honors.models import Honoree
from tests.factories import make_user, make_worker
from tests.honors.factories import make_edition, make_honoree, make_program

pytestmark = pytest.mark.django_db


def generation():
    return pagecache.moment().generation


def codes_of(call, **arguments):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.codes


def test_confer_copies_name_and_employer_and_keeps_them():
    worker = make_worker(name="单示例")
    honoree = make_honoree(name=" 单示例 ", employer="示例一厂", worker=worker)

    worker.name = "改名"
    worker.save()
    honoree.refresh_from_db()

    assert (honoree.name, honoree.employer) == ("单示例", "示例一厂")


def test_confer_stores_the_key_of_the_sound_of_the_name():
    assert make_honoree(name="单示例").sort_key == "shan4 shi4 li4"


def test_amend_moves_the_key_with_the_name():
    honoree = make_honoree(name="王示例")

    honoree.name = "曾示例"
    services.amend(honoree=honoree, by=None)

    assert Honoree.objects.get().sort_key == "zeng1 shi4 li4"


def test_confer_refuses_the_same_person_of_the_same_employer_a_second_time():
    edition = make_edition()
    make_honoree(edition=edition, name="王示例", employer="示例一厂")

    same = {"edition": edition, "name": "王示例", "employer": "示例一厂"}

    assert codes_of(services.confer, by=None, **same) == {"already_honoured"}
    assert Honoree.objects.count() == 1


def test_confer_takes_a_namesake_of_another_employer_as_another_person():
    edition = make_edition()

    make_honoree(edition=edition, name="王示例", employer="示例一厂")
    make_honoree(edition=edition, name="王示例", employer="示例二厂")

    assert Honoree.objects.on_wall().count() == 2


def test_confer_gives_a_certificate_number_once():
    make_honoree(cert_no="2018-1")
    other = {"edition": make_edition(), "name": "李示例", "employer": "示例一厂"}

    assert codes_of(services.confer, by=None, cert_no="2018-1", **other) == {
        "certificate_taken"
    }


def test_confer_leaves_an_error_of_the_table_without_a_sentence_an_error():
    with pytest.raises(IntegrityError), transaction.atomic():
        services.confer(edition=make_edition(), name="", employer="示例", by=None)


def test_confer_edition_makes_its_people_public_and_keeps_who_did_it(client):
    user = make_user()
    edition = make_edition(is_conferred=False)
    honoree = make_honoree(edition=edition)
    assert client.get(honoree.get_absolute_url()).status_code == 404

    conferred = services.confer_edition(edition=edition, by=user)
    twice = services.confer_edition(edition=edition, by=None)

    assert client.get(honoree.get_absolute_url()).status_code == 200
    assert conferred.conferred_by == twice.conferred_by == user
    assert twice.conferred_at == conferred.conferred_at
    services.unconfer_edition(edition=edition, by=user)
    assert client.get(honoree.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("days", [0, 1])
def test_confer_edition_waits_for_its_day(days):
    day = timezone.localdate() + timedelta(days=days)
    asked = {"edition": make_edition(is_conferred=False, conferred_on=day), "by": None}

    if days:
        assert codes_of(services.confer_edition, **asked) == {"too_early"}
    else:
        assert services.confer_edition(**asked).conferred_at


def test_edition_admin_saving_neither_confers_it_nor_takes_it_back():
    """A page opened before a colleague conferred does not undo it."""
    edition = make_edition(is_conferred=False)
    services.confer_edition(edition=edition, by=None)

    saved = services.save_award(award=edition, by=None)
    edition.conferred_on = timezone.localdate() + timedelta(days=1)

    assert saved.conferred_at
    assert codes_of(services.save_award, award=edition, by=None) == {
        "day_after_conferral"
    }


def test_honoree_page_of_an_old_honour_with_year_title_and_name_only(client):
    edition = make_edition(year=1987, title="1987年劳动模范", conferred_on=None)
    honoree = services.confer(edition=edition, name="王示例", by=None)

    page = client.get(honoree.get_absolute_url()).content.decode()
    of_edition = client.get(edition.get_absolute_url()).content.decode()

    assert "1987年" in page and "<dt>单位</dt>" not in page and "None" not in page
    assert "王示例" in of_edition and "None" not in of_edition


def test_revoke_takes_the_honour_off_the_wall_and_keeps_the_row():
    honoree = make_honoree()

    services.revoke(honoree=honoree, reason=" 弄虚作假 ", by=None)

    assert list(Honoree.objects.on_wall()) == []
    assert Honoree.objects.get().revoke_reason == "弄虚作假"


def test_revoke_needs_a_reason_and_says_every_ground():
    honoree = make_honoree()
    services.revoke(honoree=honoree, reason="查实", by=None)

    grounds = codes_of(services.revoke, honoree=honoree, reason="  ", by=None)

    assert grounds == {"reason_missing", "already_revoked"}


def test_revoke_without_a_reason_is_refused_by_the_table_itself():
    honoree = make_honoree()

    with pytest.raises(IntegrityError, match="revoked_with_reason"):
        Honoree.objects.filter(pk=honoree.pk).update(revoked_on="2018-06-01")


def test_reinstate_undoes_a_revocation_and_only_that():
    honoree = make_honoree()

    assert codes_of(services.reinstate, honoree=honoree, by=None) == {"not_revoked"}

    services.revoke(honoree=honoree, reason="误操作", by=None)
    services.reinstate(honoree=honoree, by=None)

    assert list(Honoree.objects.on_wall()) == [honoree]


def test_revoke_leaves_who_and_why_in_the_history():
    user = make_user()
    honoree = make_honoree()

    services.revoke(honoree=honoree, reason="查实", by=user)

    change = Change.objects.of(honoree).last()
    assert (change.verb, change.after["revoke_reason"]) == ("update", "查实")
    assert change.by == user


@pytest.mark.parametrize("verb", ["award", "confer", "amend", "revoke", "reinstate"])
def test_page_generation_rises_with_every_verb_of_honors(verb):
    honoree = make_honoree()
    if verb == "reinstate":
        services.revoke(honoree=honoree, reason="误", by=None)
    before = generation()

    match verb:
        case "award":
            make_program()
        case "confer":
            services.confer(
                edition=honoree.edition, name="赵示例", employer="示例", by=None
            )
        case "amend":
            services.amend(honoree=honoree, by=None)
        case "revoke":
            services.revoke(honoree=honoree, reason="查实", by=None)
        case "reinstate":
            services.reinstate(honoree=honoree, by=None)

    assert generation() > before
