"""Keeping the index of the search: each change within the transaction that made it, the
rest in the background.

Lock order: rows of the rooms, then SearchDue, then SearchEntry by kind and key.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import history, pagecache, searching, tasks
from common.errors import Reason, Refusal
from common.models import SearchDue, SearchEntry, SearchRun, SearchWord
from common.segmentation import Cutter, fold

MOST_AT_ONCE = 300  # entries that a verb makes itself: about a tenth of a second
BATCH = 200
MOST_WORDS = 3_000  # each costs every process a little memory
_SECONDS = 1_800
RUNS_KEPT = timedelta(days=90)

_cutters: dict[tuple[str, ...], Cutter] = {}


def cutter_of(words: tuple[str, ...]) -> Cutter:
    """The cutter with this word list; the last one is kept."""
    found = _cutters.get(words)
    if found is None:
        found = Cutter(words)
        _cutters.clear()
        _cutters[words] = found
    return found


def current_words() -> tuple[str, ...]:
    return tuple(map(fold, SearchWord.objects.values_list("word", flat=True)))


# --- what has changed -----------------------------------------------------------------


@pagecache.before_publishing
def index_own() -> None:
    """Bring up to date the entries of what this transaction has changed. More than
    ``MOST_AT_ONCE`` are left to a task; until then they are not found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, key FROM common_searchdue"
            " WHERE by_transaction = pg_current_xact_id()::text::bigint LIMIT %s",
            [MOST_AT_ONCE + 1],
        )
        due = cursor.fetchall()
    if len(due) > MOST_AT_ONCE:
        index_due.enqueue()
    elif due:
        _bring_up_to_date(due)


@tasks.task(title=_lazy("更新搜索索引"), seconds=_SECONDS, queue_name=tasks.LONG)
def index_due() -> None:
    sweep()


def sweep() -> int:
    """Make the entries of all that is due, in batches of their own; how many. May run
    at any time and concurrently."""
    made = 0
    while SearchDue.objects.exists() and (done := _sweep_some()):
        made += done
    return made


@transaction.atomic
@pagecache.publishes
def _sweep_some() -> int:
    rows = SearchDue.objects.select_for_update(skip_locked=True).order_by("pk")
    due = list(rows.values_list("pk", "kind", "key")[:BATCH])
    if due:
        _bring_up_to_date(due, locks=True)
    return len(due)


def _bring_up_to_date(due, *, locks=False) -> None:
    wanted: dict[str, set[int]] = {}
    for _pk, kind, key in due:
        wanted.setdefault(kind, set()).add(key)
    cutter = cutter_of(current_words())
    for kind, keys in sorted(wanted.items()):
        if kind in searching.sources():
            _write(kind, sorted(keys), cutter, locks=locks)
    SearchDue.objects.filter(pk__in=[pk for pk, _kind, _key in due]).delete()


def _write(kind, keys, cutter, *, locks) -> None:
    """The entries of these rows as the rows are now; gone where a row has none."""
    source = searching.sources()[kind]
    if locks:  # what somebody is changing is read when they are done
        rows = source.model._base_manager.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
    entries = sorted(source.entries(keys), key=lambda entry: entry.key)
    made = [
        SearchEntry(
            kind=kind,
            key=entry.key,
            title=entry.title[:300],
            text=entry.text,
            at=entry.at,
            since=entry.since,
            until=entry.until,
            facet=entry.facet,
            words=searching.vector(kind, entry, cutter),
        )
        for entry in entries
    ]
    gone = set(keys) - {entry.key for entry in entries}
    if gone:
        SearchEntry.objects.filter(kind=kind, key__in=gone).delete()
    SearchEntry.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["title", "text", "at", "since", "until", "facet", "words"],
    )


# --- making all of it anew ------------------------------------------------------------


def reindex(
    *, kinds: list[str] | None = None, word: str = "", say: Callable = lambda _run: None
) -> SearchRun:
    """Make the entries anew, of these kinds (all for None) or of what has ``word`` in
    it, in batches; what is public stays found meanwhile. ``say`` hears of each batch.
    Safe to break off and run again, and to run twice at a time."""
    _clear_old_runs()
    wanted = _wanted(kinds, word)
    run = SearchRun.objects.create(total=sum(len(keys) for _kind, keys in wanted))
    cutter = cutter_of(current_words())
    for kind, keys in wanted:
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            _make_anew(kind, some, cutter)
            SearchRun.objects.filter(pk=run.pk).update(done=F("done") + len(some))
            run.done += len(some)
            say(run)
    SearchRun.objects.filter(pk=run.pk).update(finished_at=Now())
    return run


def _wanted(kinds, word) -> list[tuple[str, list[int]]]:
    chosen = {
        kind: source
        for kind, source in searching.sources().items()
        if kinds is None or kind in kinds
    }
    if word:
        has = Q(title__icontains=word) | Q(text__icontains=word)
        entries = SearchEntry.objects.filter(has)
        return [
            (kind, list(entries.filter(kind=kind).values_list("key", flat=True)))
            for kind in chosen
        ]
    SearchEntry.objects.exclude(kind__in=searching.sources()).delete()
    return [
        (kind, sorted({*source.all_keys(), *_with_entries(kind)}))
        for kind, source in chosen.items()
    ]


def _with_entries(kind):
    return SearchEntry.objects.filter(kind=kind).values_list("key", flat=True)


@transaction.atomic
@pagecache.publishes
def _make_anew(kind, keys, cutter) -> None:
    due = SearchDue.objects.select_for_update(skip_locked=True)
    seen = list(due.filter(kind=kind, key__in=keys).values_list("pk", flat=True))
    _write(kind, keys, cutter, locks=True)
    SearchDue.objects.filter(pk__in=seen).delete()


def _clear_old_runs() -> None:
    SearchRun.objects.filter(started_at__lt=Now() - RUNS_KEPT).delete()


# --- the word list --------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_word(*, word: SearchWord, by) -> SearchWord:
    """Store a word of the list as filled in. What has it in its texts is indexed anew in
    the background; it is found meanwhile as well.

    Refusal: ``too_many_words``."""
    if word.pk is None and SearchWord.objects.count() >= MOST_WORDS:
        text = _("词表最多%(n)d个词，请先删除不用的。") % {"n": MOST_WORDS}
        raise Refusal(Reason("too_many_words", text, field="word"))
    before = SearchWord.objects.filter(pk=word.pk).first()
    word.save()
    if before is None or before.word != word.word:
        index_word.enqueue(word.pk)
        if before is not None:
            index_all.enqueue()
    return word


@transaction.atomic
@pagecache.publishes
@history.on_record
def delete_word(*, word: SearchWord, by) -> None:
    """Take a word off the list; everything is indexed anew in the background."""
    word.delete()
    index_all.enqueue()


@tasks.task(title=_lazy("按新词更新搜索索引"), seconds=_SECONDS, queue_name=tasks.LONG)
def index_word(word_id: int) -> None:
    word = SearchWord.objects.filter(pk=word_id).first()
    if word is not None:
        reindex(word=word.word)


@tasks.task(title=_lazy("重建搜索索引"), seconds=_SECONDS, queue_name=tasks.LONG)
def index_all() -> None:
    reindex()


@transaction.atomic
@history.on_record
def ask_for_all(*, by) -> None:
    """Have everything indexed anew in the background."""
    index_all.enqueue()
