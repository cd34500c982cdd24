from datetime import date, timedelta

import pytest
from django.utils import timezone

from honors.enums import Industry
from honors.models import AwardEdition, AwardProgram, Honoree
from honors.pinyin import sort_key
from tests.factories import make_worker
from tests.honors.factories import make_edition, make_honoree, make_program

pytestmark = pytest.mark.django_db


def days_from_now(days):
    return timezone.localdate() + timedelta(days=days)


def test_on_wall_has_nobody_before_somebody_confers():
    make_honoree(edition=make_edition(is_conferred=False))
    today = make_honoree(edition=make_edition(conferred_on=days_from_now(0)))

    assert list(Honoree.objects.on_wall()) == [today]
    assert list(AwardEdition.objects.conferred()) == [today.edition]


def test_others_of_an_edition_without_a_day_come_after_those_of_their_year():
    program = make_program()
    same = {"program": program, "year": 1987}
    undated, dated, older = (
        make_edition(conferred_on=None, **same),
        make_edition(conferred_on=date(1987, 4, 28), **same),
        make_edition(program=program, year=1986, conferred_on=None),
    )
    edition = make_edition(program=program)

    assert list(AwardEdition.objects.others_of(edition)) == [dated, undated, older]


def test_on_wall_is_newest_first_and_within_a_year_by_the_sound_of_the_name():
    program = make_program()
    older = make_edition(program=program, year=2016)
    newer = make_edition(program=program, year=2018)
    other = make_edition(year=2018)
    make_honoree(edition=older, name="安示例")
    make_honoree(edition=newer, name="曾示例")
    make_honoree(edition=other, name="林示例")
    make_honoree(edition=newer, name="李示例")
    make_honoree(edition=newer, name="陈示例")

    names = [honoree.name for honoree in Honoree.objects.on_wall().for_cards()]

    assert names == ["陈示例", "李示例", "林示例", "曾示例", "安示例"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单田", "shan4 tian2"),
        ("尉迟敬", "yu4 chi2 jing4"),
        ("𠮷田", "𠮷 tian2"),
        ("示例", "shi4 li4"),
    ],
)
def test_sort_key_sounds_surnames_as_surnames_and_keeps_rare_characters(name, key):
    assert sort_key(name) == key


def test_sort_key_of_a_group_has_no_surname():
    assert sort_key("单位先锋", is_group=True).startswith("dan1 wei4")


def test_figures_are_derived_and_stand_apart():
    """The report's two numbers, never one sum."""
    craftsmen = make_edition(program=make_program(name="攀枝花工匠", position=1))
    workers = make_edition(program=make_program(name="最美劳动者", position=2))
    make_program(name="还没有评选", position=3)
    for edition, number in ((craftsmen, 11), (workers, 22)):
        for _ in range(number):
            make_honoree(edition=edition)
    revoked = make_honoree(edition=craftsmen)
    Honoree.objects.filter(pk=revoked.pk).update(
        revoked_on=days_from_now(0), revoke_reason="查实"
    )

    shown = AwardProgram.objects.with_names_on_the_wall()

    assert [(p.name, p.honoured) for p in shown] == [
        ("攀枝花工匠", 11),
        ("最美劳动者", 22),
    ]


def test_figures_of_an_edition_still_to_come_count_nobody():
    make_honoree(edition=make_edition(is_conferred=False))

    assert list(AwardProgram.objects.with_names_on_the_wall()) == []


def test_for_home_gives_six_people_and_no_group(django_assert_num_queries):
    make_honoree(name="示例班组", is_group=True)
    for _ in range(7):
        make_honoree()

    with django_assert_num_queries(1):
        people = list(Honoree.objects.for_home())
        assert [h.edition.program.name for h in people]

    assert len(people) == 6
    assert not any(honoree.is_group for honoree in people)


def test_chosen_narrows_by_each_filter_and_by_all():
    edition = make_edition(year=2017)
    wanted = make_honoree(edition=edition, name="王示例", industry=Industry.STEEL)
    make_honoree(edition=edition, name="李示例", industry=Industry.HEALTH)
    make_honoree(edition=make_edition(year=2018), name="王示例")
    rows = Honoree.objects.on_wall()

    assert rows.chosen(program=edition.program_id, name="王").get() == wanted
    assert rows.chosen(year=2017, industry=Industry.STEEL).get() == wanted
    assert rows.chosen(name="王").count() == 2
    assert rows.chosen().count() == 3


def test_of_same_person_brings_honours_of_one_worker_to_every_page_of_theirs():
    worker = make_worker()
    first = make_honoree(worker=worker, name="王示例")
    second = make_honoree(worker=worker, name="王示例")
    stranger = make_honoree(name="王示例")

    both = Honoree.objects.of_same_person(first)

    assert set(both) == {first, second}
    assert list(Honoree.objects.of_same_person(stranger)) == [stranger]
