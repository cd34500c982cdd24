"""Everybody who might ask × every address, action and form of the back office: nothing
of another union is seen or changed, and nothing breaks.

The addresses come from the admin's registry (see ``matrix.py``); a model registered
tomorrow is asked for here without a line of code. Each union's rows carry marks in
their texts, which are searched for in every answer; the whole database is compared before
and after every POST.
"""

import logging

import pytest
from django.contrib import admin
from django.test import Client

from common import pace
from common.modeladmin import ScopedChoices
from honors.models import Nomination, Objection
from members.admin.people import WorkerAdmin
from members.models import Certificate, UnionOrg, User, Worker
from members.querysets import WorkerQuerySet
from news.models import Article, Comment, ImportedArticle, WordingWaiver
from news.querysets import ArticleQuerySet
from tests import soaked
from tests.members import matrix
from tests.members.matrix import (
    NEWSROOM,
    PHONES,
    REGISTERED,
    SIDES,
    Ask,
    mark,
    page,
)
from unionportal.roles import ROLES

pytestmark = pytest.mark.django_db

WHO = ["工会干部A", "工会干部B", *sorted(ROLES.keys() - {"工会干部"})]
WHO += ["无角色", "职工", "访客"]
# tried in every run; the others take minutes and are tried by make soak
ATTACKERS = ["工会干部A"]
# on public pages anyway
PUBLIC = {"honoree", "volunteerteam"}
ANSWERS = {200, 302, 400, 403, 404, 405}

# Who opens which door: l the list, r a row of their own, a the form to add one, c may
# save a row, d may delete one. Every door that is not named here is closed. A model
# that stands in no line yet opens what roles.py says, and no more.
TRAINING = "term coursekind courseclass"
HONORS = "honoree awardprogram awardedition"
EVERYTHING = (
    f"article column series {TRAINING} venue {HONORS} volunteerteam membership "
    "user worker unionorg stewardship offering seatpool signup columnduty draw "
    "need partner skill joinrequest reportedfigure serviceevent servicerecord "
    "hourscertificate"
)
DOORS = {
    "工会干部": {
        "lrac": "worker need",
        "lrc": "appeal",
        "lr": "unionorg offering nomination",
        "lra": "signup",
        "la": "rosterimport",  # its row leads to the pages of the import
    },
    "系统管理员": {
        "lrac": "user unionorg column",
        "lrad": "columnduty",
        "lracd": "stewardship sitemark",
        "lr": "backgroundtask smschoice",  # all kinds are chosen on one page
        "rc": "sitesettings",  # the list leads to the one row
    },
    "编辑": {
        "lrac": "article series standingpage",
        "lracd": "placement",
        "lr": "column phrase comment",
        "lra": "commentword",
    },
    "初审": {"lr": "article series column phrase"},
    "复审": {"lr": "article series column phrase"},
    "终审": {
        "lr": "article series column importedarticle wordingwaiver comment "
        "placement standingpage",
        "lrac": "channel inspection phrase",
        "lracd": "commentword",
    },
    "培训管理员": {
        "lrac": f"{TRAINING} draw",
        "lr": "venue worker noticetext",
        "l": "appeal",  # none waits here
        "lrc": "offering seatpool",
        "lra": "signup",
    },
    # reads nominations and decides on a page of its own; sees the counties' by a
    # stewardship: here none
    "荣誉秘书": {
        "lrac": HONORS,
        "lr": "nomination publicnotice objection",
        "la": "honourimport",
    },
    "县区审核": {"l": "nomination"},
    "分管领导": {"lr": HONORS},
    "评委": {"lr": HONORS},
    "队长": {
        "lr": "volunteerteam membership need joinrequest serviceevent servicerecord"
    },
    "志愿服务统筹": {
        "lrac": "volunteerteam membership need partner skill reportedfigure",
        "lr": "worker joinrequest serviceevent servicerecord hourscertificate",
        "la": "hoursimport",
    },
    "场馆管理员": {"lrac": "venue"},
    "任课教师": {"l": "courseclass"},  # sees the classes they teach: here none
    "服务台": {
        "lr": "worker offering unionorg noticetext draw",
        "lra": "signup",
        "la": "rosterimport",
    },
    # sees the teams it leads and its own needs: here none
    "社会组织": {"l": "volunteerteam", "la": "need"},
    "审计员": {
        "lr": f"{EVERYTHING} auditevent change sitemark backgroundtask "
        "appeal noticetext smschoice importedarticle phrase wordingwaiver "
        "channel inspection comment commentword placement standingpage",
        "l": "rosterimport hoursimport",
        "r": "sitesettings",
    },
}
# the other side's need is with a team, and changed no more
TAKEN = {("工会干部B", "need"): "lra"}
# rights named after a deed: the models it writes
BESIDES = {"confirm_roster": {"unionorg"}, "import_roster": {"rosterimport"}}
BESIDES["import_honours"] = {"honourimport"}
BESIDES |= {"rerun_backgroundtask": {"backgroundtask"}, "witness_draw": {"draw"}}
# what verbs write besides, for whomever they concern
TELLING = {
    "members_notice",
    "members_noticetext",
    "django_tasks_database_dbtaskresult",
    "common_searchdue",  # what the search has to read again
}
LISTED = {name for doors in DOORS.values() for names in doors.values()
          for name in names.split()}  # fmt: skip


def doors_of(who, model) -> str:
    """The letters of the doors that this person opens to this model."""
    name, role = model._meta.model_name, role_of(who)
    if (who, name) in TAKEN:
        return TAKEN[who, name]
    for letters, names in DOORS.get(role, {}).items():
        if name in names.split():
            return letters
    if name in LISTED:
        return ""
    verbs = {"view": "lr", "add": "a", "change": "c", "delete": "d"}
    here = f"{model._meta.app_label}.%s_{name}"
    return "".join(
        letters for verb, letters in verbs.items() if here % verb in rights_of(who)
    )


def role_of(who):
    return who.rstrip("AB")


def rights_of(who):
    return ROLES.get(role_of(who), set())


def may_see(who, side, model) -> bool:
    """Whether the marks of this side's row of a model may stand in an answer to them."""
    name = model._meta.model_name
    # of column A, who works there: with its history, where a waiver stands
    if model in (Article, ImportedArticle, WordingWaiver):
        return who == "审计员" or (side == "A" and who in NEWSROOM)
    if model is Comment:  # under it
        right = "news.view_comment" in rights_of(who)
        return right and (who == "审计员" or side == "A")
    if model is User and who in NEWSROOM:  # who wrote the comment
        return side == "A" and "news.view_comment" in rights_of(who)
    if name in PUBLIC or who in (f"工会干部{side}", "审计员"):
        return True
    if who == "职工" and model is User:  # their own name
        return side == "A"
    if who == "队长":  # leads a team of A and sees its members
        return side == "A"
    if who == "荣誉秘书" and model in (Nomination, Objection, UnionOrg):
        # what came in, from whom, and what stands against it
        return True
    if "members.view_all_workers" not in rights_of(who):
        return False
    return model is UnionOrg or f"{model._meta.app_label}.view_{name}" in rights_of(who)


class Managed(dict):
    """The keys of the rows of each model that a person looks after, asked for once."""

    def __init__(self, visit):
        super().__init__()
        self.visit = visit

    def __missing__(self, model):
        self[model] = self.visit.rows_of(model)
        return self[model]


class Visit:
    """One person before the back office; ``problems`` is what should not have been."""

    def __init__(self, house, who):
        self.house, self.who, self.user = house, who, house.staff[who]
        self.client = Client(raise_request_exception=False)
        if self.user:
            self.client.force_login(self.user)
        self.hidden = [
            mark(side, model)
            for side in SIDES
            for model in REGISTERED
            if matrix.is_of_people(model) and not may_see(who, side, model)
        ]
        self.side = "B" if who.endswith("B") else "A"
        self.managed = Managed(self)
        self.managed |= {model: self.rows_of(model) for model in REGISTERED}
        self.before = matrix.stored()
        self.problems = []
        self.asked = 0

    def rows_of(self, model):
        rows = model._base_manager.all()
        if hasattr(model._default_manager.all(), "managed_by") and self.user:
            rows = model._default_manager.managed_by(self.user)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}

    def sees_all(self, model):
        return self.managed[model] == {
            str(pk) for pk in model._base_manager.values_list("pk", flat=True)
        }

    def say(self, ask, what):
        self.problems.append(f"{self.who}: {ask}: {what}")

    def get(self, ask):
        response = self.client.get(ask.address)
        self.check(ask, response)
        return response

    def check(self, ask, response):
        self.asked += 1
        if response.status_code not in ANSWERS:
            self.say(ask, f"answered {response.status_code}")
        text = matrix.words_of(response) + response.get("Location", "")
        if "json" in response["Content-Type"]:
            text = str(response.json())
        for words in self.hidden:
            if words in text:
                self.say(ask, f"shows {words}")
        for side in SIDES:
            theirs = {"服务台", "志愿服务统筹", f"工会干部{side}"}
            theirs |= {"队长"} if side == "A" else set()  # of who is in their team
            is_theirs = self.who in theirs
            if PHONES[side] in text and not (
                is_theirs and "/phone/" in ask.address and ask.data is not None
            ):
                self.say(ask, f"shows the number of {side}")
        self.check_list(ask, response)

    def check_list(self, ask, response):
        """Counts tell too: a list holds rows they visit after, and counts no others."""
        if "cl" not in (response.context or {}):
            return
        changelist = response.context["cl"]
        shown = {str(row.pk) for row in changelist.result_list}
        if not shown <= self.managed[changelist.model]:
            self.say(ask, "lists rows of others")
        if changelist.result_count > len(self.managed[changelist.model]):
            self.say(ask, "counts rows of others")

    def post(self, ask):
        """POST, follow where it leads, compare the database, take everything back."""
        cookies, held = self.client.cookies.copy(), self.managed

        def act():
            written = matrix.writes()
            pace.people.forget()  # nobody would ask all of this within a minute
            response = self.client.post(ask.address, ask.data)
            done = list(matrix.changes(self.before, matrix.written_since(written)))
            for table, key, old, new in done:
                if reason := self.wrong_with(table, key, old, new, ask):
                    self.say(ask, f"{reason}: {table} #{key}")
            self.managed = Managed(self) if done else held
            self.check(ask, response)
            if response.status_code == 302 and self.user:  # where the message stands
                self.check(ask, self.client.get(response["Location"]))
            return done

        done = matrix.one_try(act)
        self.client.cookies, self.managed = cookies, held
        return done

    def wrong_with(self, table, key, old, new, ask):
        if table == "common_auditevent":
            return "" if old is None else "touches the audit"
        if table in TELLING and old is None:
            return ""  # a verb tells those concerned
        model = matrix.tables()[table]
        if not self.may_write(model):
            return "changes what they may not"
        if hasattr(model._default_manager.all(), "managed_by"):
            if old and key not in self.managed.get(model, set()):
                return "changes a row of others"
            if new and key not in self.rows_of(model):
                return "makes a row for others"
        if old and new and ask.form_of is not None and key == str(ask.form_of.pk):
            boxes = ask.boxes if model is type(ask.form_of) else new.keys()
            for name in new.keys() - boxes:
                if old[name] != new[name] and hostile(ask, model, name, new[name]):
                    return f"takes {name} from outside its form"
        return ""

    def may_write(self, model):
        """A model they have a verb for, or one that such a verb writes besides."""
        verbs = {
            tuple(right.split("."))
            for right in rights_of(self.who)
            if not right.split(".")[1].startswith("view")
        }
        room, name = model._meta.app_label, model._meta.model_name
        if model is Certificate:  # what certify_hours issues and revokes
            return ("volunteers", "certify_hours") in verbs
        if room == "members":
            owner = name.split("_")[
                0
            ]  # the roles of a user are in a table of their own
            return any(
                there == room
                and (verb.endswith(f"_{owner}") or owner in BESIDES.get(verb, ()))
                for there, verb in verbs
            )
        rooms = {there for there, _verb in verbs}
        return room in rooms or (room == "signups" and "activities_training" in rooms)


def hostile(ask, model, name, value):
    """Whether a column now holds what was typed for it without a box."""
    column = next(c for c in model._meta.concrete_fields if c.column == name)
    sent = ask.data.get(column.name, "")
    return value is True if sent == "on" else str(value)[:10] == str(sent)[:10]


def form_asks(visit, response, address, row, model):
    """The form behind an address, as typed by an attacker: relations to either side."""
    boxes, sides = frozenset(), SIDES
    if response.status_code == 200 and "adminform" in (response.context or {}):
        form = response.context["adminform"].form
        columns = model._meta.concrete_fields
        boxes = frozenset(c.column for c in columns if c.name in form.fields)
    else:
        sides = "B"  # behind a closed door once will do
    for side in sides:
        data = matrix.typed(visit.house, model, side)
        if boxes:
            data |= matrix.filled(response, visit.house, side)
        yield Ask(address, data, row, boxes)
    if boxes:
        yield Ask(address, data | {"_popup": "1", "_to_field": "id"}, row, boxes)


def attack(visit, model):
    """Everything there is to ask of a model: lists, suggestions, rows, further pages,
    actions. Returns the letters of the doors that opened."""
    letters = set()
    asks = matrix.lists(visit.house, model)
    door = visit.get(Ask(page(model, "changelist")))
    is_open = door.status_code == 200
    letters |= set("l" if is_open else "")
    # not every word is tried behind a closed door, or by who may see everything
    words = (asks if visit.hidden else asks[:8]) if is_open else asks[:1]
    for ask in words:
        visit.get(ask)
    for ask in matrix.suggestions(model):
        visit.get(ask)
    here = page(model, "add")
    form = visit.get(Ask(here))
    letters |= set("a" if form.status_code == 200 else "")
    for ask in form_asks(visit, form, here, None, model):
        visit.post(ask)
    # … and there the other union's row will do
    for side in SIDES if is_open else "B":
        row = visit.house.row(model, side)
        is_own = side == visit.side or not matrix.is_of_people(model) or not is_open
        form, opened = attack_row(visit, model, row)
        letters |= opened if is_own else set()
        if is_open and is_own is False and not visit.sees_all(model) and opened:
            visit.say(Ask(page(model, "change", row.pk)), f"opens {opened}")
    for address in matrix.extra_pages(visit.house, model):
        visit.get(Ask(address))
        visit.post(Ask(address, {"reason": "Q-typed-reason"}))
    for ask in matrix.actions(visit.house, model):
        visit.post(ask)
    return "".join(letter for letter in "lracd" if letter in letters)


def attack_row(visit, model, row):
    """Open, change, delete one row and its history; the doors that opened."""
    here, opened = page(model, "change", row.pk), set()
    form = visit.get(Ask(here))
    leads_on = form.status_code == 302 and form["Location"].endswith("/review/")
    if form.status_code == 200 or leads_on:  # an article is read on the review's page
        opened.add("r")
    if form.status_code == 200 and 'name="_save"' in form.content.decode():
        opened.add("c")
    for ask in form_asks(visit, form, here, row, model):
        visit.post(ask)
    visit.get(Ask(here + "?_popup=1&_to_field=id"))
    visit.get(Ask(page(model, "history", row.pk)))
    if visit.get(Ask(page(model, "delete", row.pk))).status_code == 200:
        opened.add("d")
    visit.post(Ask(page(model, "delete", row.pk), {"post": "yes"}))
    return form, opened


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals need no line each."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


ROOMS = sorted({model._meta.app_label for model in REGISTERED})
EACH_ROOM = pytest.mark.parametrize(
    "room",
    [
        pytest.param(room, marks=pytest.mark.covers(soaked.matrix_of(room)))
        for room in ROOMS
    ],
)


@pytest.mark.slow  # every address of an app: members alone has hundreds
@EACH_ROOM
@pytest.mark.parametrize("who", ATTACKERS, ids=range(len(ATTACKERS)))
def test_matrix_sees_and_changes_nothing_of_another_union(who, room):
    attack_everything(who, room)


def attack_everything(who, room):
    """Ask for all models of one app."""
    house = matrix.build()
    visit = Visit(house, who)
    models = [model for model in REGISTERED if model._meta.app_label == room]

    for model in models:
        opened = attack(visit, model)
        if opened != doors_of(who, model):
            expected = doors_of(who, model)
            visit.problems.append(f"{who}: {model}: opens {opened!r} not {expected!r}")
    for address in matrix.site_pages(house, room):
        visit.get(Ask(address))
    for table, key, old, _new in matrix.changes(visit.before):
        if old is not None or table != "common_auditevent":
            visit.problems.append(f"{who}: a GET changed {table} #{key}")

    assert not visit.problems, "\n".join(visit.problems)
    assert visit.asked > 8 * len(models)


# --- the controls: were there a hole, would it be found?


@pytest.fixture
def steward():
    house = matrix.build()
    return Visit(house, "工会干部A")


def found(visit, words):
    return any(words in problem for problem in visit.problems)


def test_matrix_rows_that_are_not_limited_are_found(steward, monkeypatch):
    monkeypatch.setattr(WorkerQuerySet, "managed_by", lambda self, user: self.all())

    attack(steward, Worker)

    assert found(steward, "shows B-worker-zq")
    assert found(steward, "lists rows of others")
    assert found(steward, "changes a row of others: members_worker")


def test_matrix_choice_that_is_not_limited_is_found(steward, monkeypatch):
    """Putting a new worker into another union."""
    monkeypatch.setattr(
        ScopedChoices,
        "formfield_for_foreignkey",
        lambda self, field, request, **kwargs: super(
            ScopedChoices, self
        ).formfield_for_foreignkey(field, request, **kwargs),
    )

    here = page(Worker, "add")
    form = steward.get(Ask(here))
    for ask in form_asks(steward, form, here, None, Worker):
        steward.post(ask)

    assert found(steward, "makes a row for others: members_worker")


def test_matrix_column_taken_from_outside_the_form_is_found(steward, monkeypatch):
    def careless(self, request, obj, form, change):
        obj.verified_at = request.POST["verified_at_0"] + "T00:00Z"
        obj.save()

    monkeypatch.setattr(WorkerAdmin, "save_model", careless)

    attack_row(steward, Worker, steward.house.row(Worker, "A"))

    assert found(steward, "takes verified_at from outside its form")


@pytest.mark.slow  # opens a form of every kind
def test_matrix_columns_that_are_not_limited_are_found(monkeypatch):
    visit = Visit(matrix.build(), "编辑")
    monkeypatch.setattr(ArticleQuerySet, "managed_by", lambda self, user, *jobs: self)

    attack(visit, Article)

    assert found(visit, "shows B-article-zq")
    assert found(visit, "lists rows of others")


def test_matrix_finds_a_page_that_breaks(steward, monkeypatch):
    monkeypatch.setattr(WorkerAdmin, "get_queryset", lambda self, request: 1 / 0)

    attack_row(steward, Worker, steward.house.row(Worker, "B"))

    assert found(steward, "answered 500")


def test_matrix_every_model_of_the_back_office_is_asked_for():
    assert set(REGISTERED) == set(admin.site._registry)
    assert len(REGISTERED) > 25
