"""What articles stand in: columns and series."""

from django.db import transaction

from common import history, pagecache
from members.models import User
from news.models import Column, Series


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_column(*, column: Column, by: User | None) -> Column:
    """Save a column; the menus follow at once."""
    column.save()
    return column


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_series(*, series: Series, by: User | None) -> Series:
    """Save a series; the pages of its parts follow at once."""
    series.save()
    return series
