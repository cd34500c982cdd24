"""Finding the rows in whose columns a word stands anywhere, among hundreds of thousands.

An index holds the pieces of one, two and three characters of the columns (the database's
``common_pieces``); a word is looked up by its longest pieces, and what is found is then
compared as ever. Trigrams alone would not do: half of all names searched for have two
characters (docs/decisions/0027-city-scale.md).

A model that has such an index names its columns in ``searched_columns``.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Func, Q, TextField, Value


def index(name: str, columns: Iterable[str]) -> GinIndex:
    """The index of these columns' pieces."""
    return GinIndex(_pieces(columns), name=name)


def standing_in(model, columns: Iterable[str], word: str) -> Q:
    """Rows of ``model`` in one of whose ``columns`` the word stands, capital letters or
    not; by the index when all of them are in it."""
    found = Q()
    for column in columns:
        found |= Q((f"{column}__icontains", word))
    held = getattr(model, "searched_columns", ())
    if not set(columns) <= set(held):
        return found
    pieces = _pieces(held, output_field=ArrayField(TextField()))
    sought = Func(
        Value(word),
        function="common_pieces_sought",
        output_field=ArrayField(TextField()),
    )
    return Q(ArrayContains(pieces, sought)) & found


def _pieces(columns, **options):
    return Func(*map(F, columns), function="common_pieces", **options)
