"""What the matrix of ``test_matrix.py`` is made of: a house with two unions, every
address of the back office, and a check of everything that is answered and stored.

Nothing here names a model that the registry does not have, and every model the registry
has is grown, asked for and posted to. ``PLANTED`` makes the rows that have rules of
their own; any other grows by itself, with a mark in each of its texts.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from openpyxl import load_workbook

from activities.training.models import CourseClass, TermPlan
from common import audit
from common.models import AuditEvent, Change, Holiday, SearchWord
from honors.models import HonourImport, Nomination, Objection, PublicNotice
from members.enums import StewardRole, TransferSide
from members.models import (
    Certificate,
    Notice,
    NoticeText,
    RosterImport,
    UnionOrg,
    UnionTransfer,
    User,
    Worker,
)
from members.services import certificates, rights, roster
from news.models import (
    Article,
    Channel,
    ImportedArticle,
    Inspection,
    Phrase,
    Placement,
    StandingPage,
    WordingWaiver,
)
from news.services import give_duty
from signups.models import Draw, Offering, SeatPool, Signup
from signups.services import seats
from tests.activities.factories import make_class
from tests.factories import make_draw, make_offering, make_user
from tests.honors.factories import make_honoree
from tests.honors.nominations import make_nomination, make_secretary, put_up
from tests.honors.objections import object_to
from tests.news.factories import make_article, make_sent, make_series
from tests.volunteers.factories import make_membership, make_team
from unionportal.models import FooterLink, SiteMark, SiteSettings
from unionportal.roles import ROLES
from unionportal.services import save_site, save_site_part, write_roles
from volunteers.models import (
    HoursCertificate,
    HoursImport,
    Need,
    ServiceEvent,
    ServiceRecord,
)

SIDES = "AB"
NEWSROOM = {"编辑": "edit", "初审": "first", "复审": "second", "终审": "final"}
PHONES = {"A": "13711112222", "B": "13733334444"}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
PEOPLE = {User, Worker, UnionOrg}
# each side has a column with its own editors and reviewers
OF_COLUMNS = {Article}
# stand on public pages, whoever organises or teaches them
ON_PUBLIC_PAGES = {Offering, SeatPool, CourseClass, Holiday, Draw, Inspection}
# the hall is the city's, and so are old lists and the pages about the federation
ON_PUBLIC_PAGES |= {PublicNotice, HonourImport, HoursImport, StandingPage}


def mark(side, model) -> str:
    """What stands in the texts of this side's row of a model, and nowhere else."""
    return f"{side}-{model._meta.model_name}-zq"


@cache
def is_of_people(model) -> bool:
    """Whether a row of this model belongs to a person or a union, itself or by what it
    cannot be without: then each side has one of its own."""
    if model in PEOPLE | OF_COLUMNS:
        return True
    if model in ON_PUBLIC_PAGES:
        return False
    return any(
        column.related_model in PEOPLE
        or (not column.null and is_of_people(column.related_model))
        for column in model._meta.concrete_fields
        if column.related_model and column.related_model is not model
    )


@dataclass
class House:
    rows: dict = field(default_factory=dict)  # (side or "", model) → row
    staff: dict = field(default_factory=dict)  # who → user, None for a visitor

    def row(self, model, side):
        """This side's row, or the one row of a model that is nobody's."""
        return self.rows.get((side, model)) or self.rows.get(("", model))

    def keep(self, row, side=""):
        self.rows[side, type(row)] = row
        return row


def build() -> House:
    """Two unions that know nothing of each other, and everybody who might ask."""
    write_roles()
    house = House()
    series = make_series()
    for number, side in enumerate(SIDES, start=1):
        house.keep(
            make_sent(title=mark(side, Article), series=series, series_no=number), side
        )
    make_article(series=series, series_no=3, column=house.row(Article, "A").column)
    made = make_class(name="N-class")
    offering = make_offering(capacity=9)
    neutral = [series, house.row(Article, "A").column, made, made.term, made.kind]
    neutral.append(Holiday.objects.first())  # names who entered it, and is nobody's
    neutral.append(SearchWord.objects.first())  # a mark is no word
    for row in [*neutral, made.venue, made.lessons.first(), offering, make_draw()]:
        house.keep(row)
    house.keep(SeatPool.objects.get(offering=offering))
    house.keep(save_site(settings=SiteSettings(), by=None))
    link = FooterLink(group="media", name="N-link", url="https://example.com/")
    house.keep(save_site_part(row=link, by=None))
    house.keep(SiteMark.objects.create(kind="emblem", key="k", width=9, height=9))
    _keep_ledgers(house)
    for side in SIDES:
        _plant(house, side, offering)
    _employ(house)
    for model in REGISTERED:
        for side in SIDES if is_of_people(model) else [""]:
            if (side, model) not in house.rows:
                house.keep(_grow(house, model, side), side)
    return house


def _keep_ledgers(house):
    """What the newsroom notes beside its articles, by somebody of its own; of an
    article, beside that of each side."""
    by = make_user(name="N-newsroom")
    house.keep(Phrase.objects.create(wrong="N-wrong", right="N-phrase-zq"))
    channel = Channel.objects.create(
        name="N-channel", kind="site", host="h", sponsor="s", responsible="r"
    )
    house.keep(channel)
    house.keep(StandingPage.objects.create(kind="guide", title="N-standingpage-zq"))
    on = timezone.localdate()
    house.keep(Inspection.objects.create(channel=channel, on=on, by=by))
    for side in SIDES:
        article = house.row(Article, side)
        for row in keep_of_article(article, article.review_version, by, side):
            house.keep(row, side)


def keep_of_article(article, version, by, side):
    """It came from an old site, a find in it stands by somebody's name, and it is put
    forward."""
    yield Placement.objects.create(
        article=article, slot="show", starts_at=timezone.now(), made_by=by
    )
    yield ImportedArticle.objects.create(
        source="s", external_key=mark(side, ImportedArticle), article=article,
        version=version, by=by, reason="r",
    )  # fmt: skip
    yield WordingWaiver.objects.create(
        article=article, wrong=mark(side, WordingWaiver), right="r", place="p",
        by=by, reason="r",
    )  # fmt: skip


def _plant(house, side, offering):
    """The rows that have rules of their own."""
    union = UnionOrg.objects.create(code=side * 3, name=mark(side, UnionOrg))
    user = make_user(name=mark(side, User), phone=PHONES[side])
    worker = Worker.objects.create(
        name=mark(side, Worker),
        member_number=mark(side, Worker) + "1",
        is_member=True,
        union_org=union,
        user=user,
    )
    steward = make_user(roles=["工会干部"], is_staff=True, name=f"{side}-steward")
    held = rights.give_stewardship(
        user=steward, union_org=union, role=StewardRole.STEWARD, by=None
    )
    honoree = make_honoree(name=f"{side}-honoree-zq", worker=worker)
    nomination = make_nomination(
        "unit_submitted", name=mark(side, Nomination), unit=union, worker=worker
    )
    house.keep(nomination, side)
    shown = make_nomination("city_notice", name=mark(side, Nomination), unit=union)
    notice = put_up([shown])
    house.keep(notice)
    typed = {"nomination": shown, "text": mark(side, Objection)}
    house.keep(object_to(notice, make_secretary(), **typed), side)
    team = make_team(name=f"{side}-volunteerteam-zq", union_org=union, leader=worker)
    membership = make_membership(team=team, worker=worker)
    now = timezone.now()
    need = Need.objects.create(
        union_org=union, title=mark(side, Need), kind="law", district=union,
        place=f"{side}-place-zq", starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=3), people=2,
        contact_name=f"{side}-need-zq",
        # what waits for a team is read by every leader
        **({} if side == "A" else {"state": "taken", "team": team, "taken_at": now}),
    )  # fmt: skip
    house.keep(need, side)
    event = ServiceEvent.objects.create(
        team=team, title=mark(side, ServiceEvent), kind="law",
        place=f"{side}-place-zq", starts_at=now - timedelta(hours=3), ends_at=now,
        closed_at=now,
    )  # fmt: skip
    house.keep(event, side)
    record = ServiceRecord.objects.create(
        event=event, worker=worker, served_on=timezone.localdate(), length=event.minutes,
        minutes=60, evidence_in="none", evidence_out="none", state="unproven",
        reason=mark(side, ServiceRecord), recorded_by=steward,
    )  # fmt: skip
    house.keep(record, side)
    certificate = certificates.issue(
        holder=worker, kind="service", title=mark(side, Certificate), by=None
    )
    house.keep(certificate, side)
    hours = HoursCertificate.objects.create(
        paper=certificate, worker=worker, minutes=60,
        first_on=timezone.localdate(), last_on=timezone.localdate(),
    )  # fmt: skip
    house.keep(hours, side)
    old = HoursImport.objects.create(file_name=mark(side, HoursImport), source="台账")
    house.keep(old, side)
    old = HonourImport.objects.create(file_name=mark(side, HonourImport))
    house.keep(old, side)
    told = Notice.objects.create(
        user=user, kind="members.verified", title=mark(side, Notice), key="zq",
        shown_at=now,
    )  # fmt: skip
    text = NoticeText.objects.create(
        notice=told, text=mark(side, NoticeText), state="unknown",
        due_at=now, good_until=now, ended_at=now,
    )  # fmt: skip
    house.keep(told, side)
    house.keep(text, side)
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
    third, _made = UnionOrg.objects.get_or_create(code="ZZZ", name="第三家工会")
    transfer = UnionTransfer.objects.create(
        worker=worker,
        from_org=union,
        to_org=third,
        reason=mark(side, UnionTransfer),
        asked_side=TransferSide.GIVING,
        asked_by=steward,
    )
    house.keep(transfer, side)
    file = f"姓名,会员编号\n{side}-rosterimport-zq,ZQ-1\n".encode()
    brought = roster.upload(
        union_org=union, file_name=mark(side, RosterImport), content=file, by=steward
    )
    house.keep(brought, side)
    house.keep(TermPlan.objects.create(changed_by=steward), side)
    audit.record("export", by=user, reason=mark(side, AuditEvent))
    event = AuditEvent.objects.order_by("-pk").first()
    change = Change.objects.create(
        of_table="members_worker", of_id=worker.pk, verb="delete", by=steward,
        before={"note": mark(side, Change)},
    )  # fmt: skip
    for row in [union, user, worker, held, honoree, team, membership, event, change]:
        house.keep(row, side)
    house.keep(Signup.objects.get(pk=signup.pk), side)
    house.keep(honoree.edition, side)
    house.keep(honoree.edition.program)
    house.staff[f"工会干部{side}"] = steward


def _employ(house):
    """One of every role, and those without any."""
    for role in sorted(ROLES.keys() - {"工会干部"}):
        user = make_user(roles=[role], is_staff=True, name=f"N-{role}")
        house.staff[role] = user
        if role in NEWSROOM:
            give_duty(
                column=house.row(Article, "A").column,
                user=user,
                job=NEWSROOM[role],
                by=None,
            )
    # a leader is a worker of A who leads the team of A
    leader = Worker.objects.create(
        name="A-leader",
        union_org=house.row(UnionOrg, "A"),
        user=house.staff["队长"],
    )
    team = next(row for (s, m), row in house.rows.items() if is_team(s, m))
    type(team).objects.filter(pk=team.pk).update(leader=leader)
    house.staff["无角色"] = make_user(is_staff=True, name="N-staff")
    house.staff["职工"] = house.row(User, "A")
    house.staff["访客"] = None


def is_team(side, model):
    return side == "A" and model._meta.model_name == "volunteerteam"


def _grow(house, model, side):
    """A row of a model nobody thought of: a mark in its texts, its relations to this
    side, the first choice of each choice. A model with rules of its own says so by an
    IntegrityError here, and then belongs into ``_plant``."""
    values = {}
    for column in model._meta.concrete_fields:
        value = _value_of(house, column, side)
        if value is not None:
            values[column.attname] = value
    return model._base_manager.create(**values)


def _value_of(house, column, side):
    if column.primary_key or column.has_default() or column.generated:
        return None
    if column.is_relation:
        target = column.related_model
        row = house.row(target, side)
        if row is None and not column.null:
            if is_of_people(target):
                row = house.keep(_grow(house, target, side), side)
            else:
                row = target._base_manager.first() or _grow(house, target, side)
        return row and row.pk
    if isinstance(column, models.CharField | models.TextField):
        words = f"{side}-{column.model._meta.model_name}-zq"
        if column.choices:
            # what may be left empty is: why a point was lifted, say, which has not been
            words = "" if column.blank else column.choices[0][0]
        return "" if len(words) > (column.max_length or 999) else words
    if column.null or getattr(column, "auto_now_add", False):
        return None
    if isinstance(column, models.DateTimeField):
        return timezone.now()
    if isinstance(column, models.DateField):
        return timezone.localdate()
    if isinstance(column, models.BooleanField):
        return False
    return {models.JSONField: {}}.get(type(column), 1)


def words_of(response) -> str:
    """What an answer says; of a workbook, what stands in its cells."""
    if "spreadsheet" not in response["Content-Type"]:
        return response.content.decode()
    page = load_workbook(BytesIO(response.content)).active
    return " ".join(str(value) for row in page.values for value in row)


# --- what is asked ---------------------------------------------------------------------


@dataclass(frozen=True)
class Ask:
    address: str
    data: dict | None = None  # None for GET
    form_of: object = None  # the row whose form this fills, if it fills one
    boxes: frozenset = frozenset()  # the columns that the form asks for

    def __str__(self):
        return f"{'GET' if self.data is None else 'POST'} {self.address}"


def label(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def page(model, name, *args) -> str:
    return reverse(f"admin:{label(model)}_{name}", args=args)


def typed(house, model, side) -> dict:
    """Every column of a model as an attacker would fill it in, whether its form asks
    for it or not: relations to this side, all boxes ticked."""
    data = {"post": "yes", "reason": "Q-typed-reason", "is_staff": "on", "groups": "1"}
    for column in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if column.primary_key:
            continue
        if column.is_relation:
            row = house.row(column.related_model, side)
            data[column.name] = str(row.pk) if row else "1"
        elif isinstance(column, models.BooleanField):
            data[column.name] = "on"
        elif isinstance(column, models.DateTimeField):
            data |= {column.name: "2001-01-01 00:00", f"{column.name}_0": "2001-01-01"}
            data[f"{column.name}_1"] = "00:00"
        elif isinstance(column, models.DateField):
            data[column.name] = "2001-01-01"
        elif column.choices:
            data[column.name] = str(column.choices[-1][0])
        elif isinstance(column, models.CharField | models.TextField):
            data[column.name] = f"Q-{column.name}"[: column.max_length or 99]
        else:
            data[column.name] = "77"
    return data


def filled(response, house, side) -> dict:
    """What a browser would send back from this form, relations turned to ``side``."""
    data = {}
    context = response.context or {}
    forms = [context["adminform"].form] if "adminform" in context else []
    for inline in context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for box in form:
            value = box.value()
            target = getattr(getattr(box.field, "queryset", None), "model", None)
            row = target and house.row(target, side)
            if row is not None:
                value = row.pk
            if value is None or value is False:
                continue
            parts = getattr(box.field.widget, "widgets", None)
            if parts is not None and not isinstance(value, str):
                whole = box.field.widget.decompress(value)
                for number, part in enumerate(whole):
                    data[f"{box.html_name}_{number}"] = str(part or "")
                continue
            data[box.html_name] = value if isinstance(value, list) else str(value)
    return {key: "on" if value == "True" else value for key, value in data.items()}


def lists(house, model) -> list[Ask]:
    """The list in all the ways an address can ask for it."""
    here = page(model, "changelist")
    shown = {*admin.site._registry[model].list_display}
    queries = ["?all=", "?_popup=1", "?o=1.2", "?p=1", "?_to_field=id"]
    queries += [f"?q={side}-{model._meta.model_name}-z" for side in SIDES]
    queries += ["?q=B-worker-z"]
    for column in model._meta.concrete_fields:
        if column.unique:
            queries.append(f"?_to_field={column.name}&_popup=1")
        if isinstance(column, models.DateField):
            queries.append(f"?{column.name}__year={timezone.now().year}")
        if not column.is_relation:
            queries.append(f"?{column.name}__startswith=B")
            continue
        if row := house.row(column.related_model, "B"):
            queries.append(f"?{column.name}__id__exact={row.pk}")
        queries.append(f"?{column.name}__name__startswith=B-")
        for there in column.related_model._meta.related_objects:
            if column.name in shown:  # no other is read (lookup_allowed)
                queries.append(f"?{column.name}__{there.name}__name__startswith=B-")
    return [Ask(here + query) for query in queries]


def suggestions(model) -> list[Ask]:
    """The boxes that suggest, and the first relation whose box does not."""
    allowed = admin.site._registry[model].autocomplete_fields
    relations = [c.name for c in model._meta.concrete_fields if c.is_relation]
    others = [name for name in relations if name not in allowed]
    here = reverse("admin:autocomplete") + (
        f"?app_label={model._meta.app_label}&model_name={model._meta.model_name}"
    )
    return [
        Ask(f"{here}&field_name={name}&term={term}")
        for name in [*allowed, *others[:1]]
        for term in (["", "B-"] if name in allowed else ["B-"])
    ]


STANDARD = {"changelist", "add", "change", "delete", "history"}


def extra_pages(house, model) -> list[str]:
    """Every further address that a ModelAdmin has brought along, for each side's row."""
    found = []
    for pattern in admin.site._registry[model].get_urls():
        names = list(pattern.pattern.converters)
        is_standard = (pattern.name or "").removeprefix(label(model) + "_") in STANDARD
        if pattern.name is None or is_standard:
            continue
        if not names:
            found.append(reverse(f"admin:{pattern.name}"))
        for side in SIDES if names else []:
            key = house.row(model, side).pk
            args = dict.fromkeys(names, key)
            found.append(reverse(f"admin:{pattern.name}", kwargs=args))
    return list(dict.fromkeys(found))


def site_pages(house, room) -> list[str]:
    """The addresses that belong to no model, and those of this app's rows."""
    found = []
    own = {
        pattern.name
        for model_admin in admin.site._registry.values()
        for pattern in model_admin.get_urls()
    }
    for pattern in _patterns(admin.site.urls[0]):
        names = set(pattern.pattern.converters)
        if pattern.name in own or pattern.name is None:
            continue
        if names == {"content_type_id", "object_id"}:
            for (_side, model), row in house.rows.items():
                if model._meta.app_label != room:
                    continue
                kind = ContentType.objects.get_for_model(model).pk
                found.append(reverse("admin:view_on_site", args=[kind, row.pk]))
        elif pattern.name == "app_list":
            found.append(reverse("admin:app_list", args=[room]))
        elif not names:
            found.append(reverse(f"admin:{pattern.name}"))
    return [address for address in found if "logout" not in address]


def _patterns(urls):
    for pattern in urls:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)


def actions(house, model) -> list[Ask]:
    """Every action of a list, and bulk deletion, on both sides' rows at once and on
    all there are."""
    here = page(model, "changelist")
    keys = [str(house.row(model, side).pk) for side in SIDES]
    names = [
        getattr(action, "__name__", action)
        for action in admin.site._registry[model].actions or []
    ]
    return [
        Ask(here, {"action": name, "_selected_action": keys, "post": "yes"} | words)
        for name in [*names, "delete_selected"]
        for words in ({"reason": "Q-typed-reason"}, {"select_across": "1"})
    ]


# --- what is stored --------------------------------------------------------------------

# written in consequence of whatever is done; events are checked apart
CONSEQUENCES = {"django_session", "common_cache", "django_admin_log"}
CONSEQUENCES |= {"common_change", "common_pagegeneration", "django_migrations"}
# the count of changes of pages; the rooms of what is planned or called off
CONSEQUENCES |= {"common_pagechange", "activities_venues_roomuse"}
CONSEQUENCES.add("common_searchentry")  # made anew of what was published


@cache
def tables() -> dict[str, type]:
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.db_table not in CONSEQUENCES
    }


def stored(names=None) -> dict[tuple[str, str], dict]:
    """Every row of every table, or of these, by table and key."""
    parts = [
        f"SELECT '{table}', t.\"{model._meta.pk.column}\"::text, to_jsonb(t)::text "
        f'FROM "{table}" t'
        for table, model in tables().items()
        if names is None or table in names
    ]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {(table, key): row for table, key, row in cursor.fetchall()}


def changes(before, names=None):
    """(table, key, columns before, columns now) of all that is not as it was, in every
    table or in these."""
    after = stored(names)
    held = {place for place in before if names is None or place[0] in names}
    for place in sorted(held | after.keys()):
        old, new = before.get(place), after.get(place)
        if old != new:
            yield (*place, old and json.loads(old), new and json.loads(new))


class RollBack(Exception):
    """The end of one try; the next begins with the same house."""


def one_try(act):
    """Do ``act`` and take back everything it stored."""
    result = []
    try:
        with transaction.atomic():
            result.append(act())
            raise RollBack
    except RollBack:
        pass
    return result[0]


def writes() -> dict[str, int]:
    """How often this transaction has written to each table that is compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del "
            "FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
            [list(tables())],
        )
        return dict(cursor.fetchall())


def written_since(before: dict[str, int]) -> set[str]:
    """The tables written to since ``writes`` gave ``before``: to compare all of them
    after each of thousands of tries would cost models times tables."""
    return {name for name, n in writes().items() if n != before.get(name, 0)}
