"""The desk's rules as SQL functions (``signups/sql/functions.sql``), for querysets."""

from django.db.models import BooleanField, Func


class IsOpen(Func):
    """Whether an offering can be asked for now, by the database's clock."""

    function = "signups_is_open"
    output_field = BooleanField()

    def __init__(self, offering=""):
        """``offering``: the path to it, such as ``"offering__"``."""
        names = ["opens_at", "closes_at", "ends_at", "is_listed", "withdrawn_at"]
        super().__init__(*[offering + name for name in names])


class QueueMoves(Func):
    """Whether an offering's queue can still move."""

    function = "signups_queue_moves"
    output_field = BooleanField()

    def __init__(self, offering=""):
        super().__init__(offering + "starts_at", offering + "withdrawn_at")
