"""Verbs of the tree of unions, and finding one in it."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters
from common.errors import Reason, Refusal
from members import spellings
from members.models import UnionOrg, User
from members.querysets import MOST_FOUND

_BETWEEN_NAMES = re.compile(r"[、，,；;/／\s]+")


@dataclass(frozen=True)
class Found:
    """Unions a person may mean: at most ``MOST_FOUND``, with their ``district``."""

    orgs: list[UnionOrg]
    is_more: bool = False
    is_sure: bool = False  # there is one, and it bears every word that was typed


def find(text: str) -> Found:
    """The unions that bear what was typed: in their title or short names, or by code.
    Where none does, those whose name and what was typed hold one another once what every
    title has (工会, 有限公司, 攀枝花市) is left out; these are for the person to choose.

    One query; where nothing bears the words, two more, over all unions.
    """
    words = " ".join(_split(text))
    orgs = list(UnionOrg.objects.with_district().named_like(words))
    if orgs or not (typed := spellings.workplace("".join(_split(text)))):
        return Found(orgs[:MOST_FOUND], len(orgs) > MOST_FOUND, len(orgs) == 1)
    near = [
        (-length, key)
        for key, *names in UnionOrg.objects.values_list("pk", "name", "short_names")
        if (length := _overlap(typed, names))
    ]
    best = [key for _length, key in sorted(near)[:MOST_FOUND]]
    by_key = UnionOrg.objects.with_district().in_bulk(best)
    return Found([by_key[key] for key in best], len(near) > MOST_FOUND)


def _overlap(typed: str, names: list[str]) -> int:
    """How many characters the longest of a union's names and what was typed share, when
    one of the two holds the other; 0 when none does. One character is no name."""
    title, short_names = names
    every = [spellings.workplace(one) for one in [title, *short_names.split("、")]]
    return max(
        (
            min(len(one), len(typed))
            for one in every
            if min(len(one), len(typed)) > 1 and (one in typed or typed in one)
        ),
        default=0,
    )


@transaction.atomic
@history.on_record
def save_union(*, org: UnionOrg, by: User | None) -> UnionOrg:
    """Store a union as filled in, new or changed; its short names are parted by 、.

    Who looks after a union looks after every code that starts with its own, so codes
    and parents must tell one tree. Raises Refusal: a code that does not start with the
    parent's, that starts with the code of another union than the parent, or that those
    of other unions start with.
    """
    org.short_names = _tidied(org.short_names)
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


def _tidied(short_names: str) -> str:
    """One after the other, each once."""
    return "、".join(dict.fromkeys(_split(short_names)))


def _split(names: str) -> list[str]:
    return [name for name in _BETWEEN_NAMES.split(letters.western(names)) if name]


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
