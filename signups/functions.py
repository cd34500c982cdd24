"""The desk's rules as SQL functions (``signups/sql/functions.sql``), for querysets."""

from django.db.models import BooleanField, Func, Subquery, Value

from members.models import UnionOrg


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


class Suits(Func):
    """Whether the seats of a pool may go to a worker; to nobody in particular with
    ``worker=None``: then only what is open to everybody."""

    function = "signups_suits"
    output_field = BooleanField()

    def __init__(self, worker, pool=""):
        names = ["kind", "audience", "union_org", "until"]
        super().__init__(
            *[pool + name for name in names],
            Value(bool(worker and worker.is_frontline)),
            Value(bool(worker and worker.is_migrant)),
            Subquery(UnionOrg.objects.filter(pk=worker.union_org_id).values("code"))
            if worker
            else Value(""),
            Value(False),
        )
