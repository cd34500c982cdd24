"""What somebody did last in the back office, for their own home: from the audit and the
history, which know every verb, whichever page it stands on."""

from dataclasses import replace

from django.db.models import CharField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from common.enums import AuditOutcome, AuditVerb, ChangeVerb
from common.models import AuditEvent, Change
from unionportal import auditing

EVENT, CHANGE = 0, 1
RECENT, ROWS = 8, 60  # of one person: deeds that are shown, changes read for it
_COMING_AND_GOING = [
    AuditVerb.LOG_IN,
    AuditVerb.LOG_OUT,
    AuditVerb.SEND_CODE,
    AuditVerb.SECOND_FACTOR,
]


def recent(user) -> list[auditing.Sentence]:
    """The last deeds of this person, newest first, one sentence for all that one click
    changed. Coming in and going out is none. Two queries."""
    events = AuditEvent.objects.filter(by=user).exclude(verb__in=_COMING_AND_GOING)
    events = events.exclude(outcome=AuditOutcome.REFUSED).order_by("-at", "-pk")
    changes = Change.objects.by(user.pk).order_by("-pk")
    found = _lean(events, EVENT, "of_model", "of_key", "request_id", Value(""))
    # of a row that is gone, what it was called
    name = Coalesce(KT("before__title"), KT("before__name"), Value(""))
    found = found[:RECENT].union(
        _lean(changes, CHANGE, "of_table", "of_id", KT("context__request"), name)[
            :ROWS
        ],
        all=True,
    )
    clicks = {}
    for row in sorted(found, key=lambda row: row[:3], reverse=True):
        at, source, key, verb, _table, _id, request, _name = row
        # what a command did has no request: its moment is enough
        clicks.setdefault(request or (at, source, verb), []).append(_fat(row))
    told = [_telling(click) for click in list(clicks.values())[:RECENT]]
    return [
        replace(sentence, link=sentence.link if _may_open(user, row) else "")
        for row, sentence in zip(told, auditing.in_sentences(told), strict=True)
    ]


def _lean(rows, source, of, key, request, name):
    """What ``_fat`` makes a row of again, alike for both sources."""
    return rows.annotate(
        lean_source=Value(source),
        lean_of=Cast(of, CharField()),
        lean_key=Cast(key, CharField()),
        lean_request=Coalesce(Cast(request, CharField()), Value("")),
        lean_name=Cast(name, CharField()),
    ).values_list(
        *("at", "lean_source", "pk", "verb"),
        *("lean_of", "lean_key", "lean_request", "lean_name"),
    )


def _fat(row):
    at, source, _pk, verb, of, key, _request, name = row
    if source == EVENT:
        return AuditEvent(
            at=at, verb=verb, of_model=of, of_key=key, outcome=AuditOutcome.DONE
        )
    kept = {"name": name} if verb == ChangeVerb.DELETE else {}
    change = Change(at=at, verb=verb, of_table=of, of_id=int(key), before=kept)
    change.after, change.by_name = {}, ""
    return change


def _may_open(user, row):
    model, _key = auditing.place_of(row)
    return model is not None and user.has_perm(
        f"{model._meta.app_label}.view_{model._meta.model_name}"
    )


def _telling(rows):
    """Of the rows of one click the one that says most: an event names the deed, of
    changes one whose row has a page."""
    for row in rows:
        if isinstance(row, AuditEvent):
            return row
    paged = [row for row in rows if auditing.link_to(*auditing.place_of(row))]
    return (paged or rows)[-1]
