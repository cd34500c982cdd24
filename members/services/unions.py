"""Verbs of the tree of unions."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from members.models import UnionOrg, User


@transaction.atomic
@history.on_record
def save_union(*, org: UnionOrg, by: User | None) -> UnionOrg:
    """Store a union as filled in, new or changed.

    Who looks after a union looks after every code that starts with its own, so codes
    and parents must tell one tree. Raises Refusal: a code that does not start with the
    parent's, that starts with the code of another union than the parent, or that those
    of other unions start with.
    """
    nearest = UnionOrg.objects.above(org.code).exclude(pk=org.pk).first()
    grounds = []
    if org.parent is not None and not org.parent.is_start_of(org.code):
        text = _("编码应以上级工会的编码“%(code)s”开头。") % {"code": org.parent.code}
        grounds.append(Reason("code_outside_parent", text, field="code"))
    elif nearest != org.parent:
        text = _("编码以“%(name)s”的编码开头，上级工会应为该工会。") % {
            "name": nearest.name
        }
        grounds.append(Reason("code_of_another", text, field="code"))
    if stranger := _out_of_place(org):
        text = _("改动后“%(name)s”的编码与其上级工会不符。") % {"name": stranger.name}
        grounds.append(Reason("code_around_another", text, field="code"))
    if grounds:
        raise Refusal(*grounds)
    org.save()
    return org


def _out_of_place(org: UnionOrg) -> UnionOrg | None:
    """A union whose code and parent would no longer agree if ``org`` were stored."""
    around = UnionOrg.objects.exclude(pk=org.pk).select_related("parent")
    for other in around.filter(code__startswith=org.code):
        is_below = other.parent_id is not None and (
            other.parent_id == org.pk or other.parent.code.startswith(org.code)
        )
        if org.pk is None or not is_below:
            return other
    return (
        around.filter(parent_id=org.pk or 0).exclude(code__startswith=org.code).first()
    )
