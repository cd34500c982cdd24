"""What somebody did last in the back office, for their own home: from the audit and the
history, which know every verb, whichever page it stands on."""

from dataclasses import replace

from django.db.models import Case, CharField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy

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
    AuditVerb.CONSENT,
]
# changes of one column that have a word of their own, the first that fits
_WORDS = [
    ("news_article", "live_version_id", gettext_lazy("发布")),
    ("news_article", "withdrawn_at", gettext_lazy("撤稿")),
    ("signups_offering", "withdrawn_at", gettext_lazy("停办")),
    ("activities_training_lesson", "called_off_reason", gettext_lazy("停课")),
    ("activities_training_lesson", "moved_from", gettext_lazy("改期")),
    ("honors_awardedition", "conferred_at", gettext_lazy("授予并公开")),
]
_NO_NAME, _NO_WORD = Value(""), Value(len(_WORDS))


def recent(user) -> list[auditing.Sentence]:
    """The last deeds of this person, newest first, one sentence for all that one click
    changed, and one for a deed that was done to a thing again and again. Coming in and
    going out is none. Two queries."""
    events = AuditEvent.objects.filter(by=user).exclude(verb__in=_COMING_AND_GOING)
    events = events.exclude(outcome=AuditOutcome.REFUSED).order_by("-at", "-pk")
    changes = Change.objects.by(user.pk).order_by("-pk")
    found = _lean(events, EVENT, "of_model", "of_key", "request_id")
    # of a row that is gone, what it was called
    name = Coalesce(KT("before__title"), KT("before__name"), Value(""))
    word = Case(
        *(
            When(
                of_table=table,
                verb=ChangeVerb.UPDATE,
                after__has_key=column,
                then=Value(n),
            )
            for n, (table, column, _word) in enumerate(_WORDS)
        ),
        default=_NO_WORD,
    )
    found = found[:RECENT].union(
        _lean(changes, CHANGE, "of_table", "of_id", KT("context__request"), name, word)[
            :ROWS
        ],
        all=True,
    )
    clicks = {}
    for row in sorted(found, key=lambda row: row[:3], reverse=True):
        at, source, key, verb, *_what, request, _name, _word = row
        # what a command did has no request: its moment is enough
        clicks.setdefault(request or (at, source, verb), []).append(_fat(row))
    told = _each_once([_telling(click) for click in clicks.values()])[:RECENT]
    return [
        replace(
            sentence,
            link=sentence.link if _may_open(user, row) else "",
            deed=getattr(row, "word", "") or sentence.deed,
        )
        for row, sentence in zip(told, auditing.in_sentences(told), strict=True)
    ]


def _each_once(rows):
    """Whoever keeps a draft ten times needs one way back to it."""
    last = {}
    for row in rows:
        deed = (*auditing.place_of(row), row.verb, getattr(row, "word", ""))
        last.setdefault(deed, row)
    return list(last.values())


def _lean(rows, source, of, key, request, name=_NO_NAME, word=_NO_WORD):
    """What ``_fat`` makes a row of again, alike for both sources."""
    return rows.annotate(
        lean_source=Value(source),
        lean_of=Cast(of, CharField()),
        lean_key=Cast(key, CharField()),
        lean_request=Coalesce(Cast(request, CharField()), Value("")),
        lean_name=Cast(name, CharField()),
        lean_word=word,
    ).values_list(
        *("at", "lean_source", "pk", "verb"),
        *("lean_of", "lean_key", "lean_request", "lean_name", "lean_word"),
    )


def _fat(row):
    at, source, _pk, verb, of, key, _request, name, word = row
    if source == EVENT:
        return AuditEvent(
            at=at, verb=verb, of_model=of, of_key=key, outcome=AuditOutcome.DONE
        )
    kept = {"name": name} if verb == ChangeVerb.DELETE else {}
    change = Change(at=at, verb=verb, of_table=of, of_id=int(key), before=kept)
    change.after, change.by_name = {}, ""
    change.word = str(_WORDS[word][2]) if word < len(_WORDS) else ""
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
    if named := [row for row in rows if row.word]:
        return named[-1]
    paged = [row for row in rows if auditing.link_to(*auditing.place_of(row))]
    return (paged or rows)[-1]
