"""The honours' part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.letters import characters
from common.queues import Finder, Hit, Job, Queue, only_reads
from honors.models import AwardEdition, Honoree

_EDITIONS = "admin:honors_awardedition_changelist"
_HONOREES = "admin:honors_honoree_changelist"


def waiting(user) -> list[Queue]:
    """Editions whose people are not public yet: to be conferred, or to be read."""
    if only_reads(user) or not user.has_perm("honors.view_awardedition"):
        return []
    may_confer = user.has_perm("honors.confer_awardedition")
    return [
        Queue(
            _("待授予并公开的届次") if may_confer else _("尚未公开的届次"),
            AwardEdition.objects.filter(conferred_at=None),
            f"{reverse(_EDITIONS)}?conferred_at__isempty=1",
            since="created_at",
            due="conferred_on",
        )
    ]


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("honors.add_honoree"):
        made.append(
            Job(_("登记获奖者"), reverse("admin:honors_honoree_add"), _("个人或集体"))
        )
    if user.has_perm("honors.view_awardedition"):
        made.append(Job(_("荣誉届次"), reverse(_EDITIONS), _("各届的名单和说明")))
    if user.has_perm("honors.view_honoree"):
        made.append(Job(_("荣誉名录"), reverse(_HONOREES), _("按姓名、单位查找")))
    return made


def found(user, text) -> list[Finder]:
    """Honoured people and groups, and editions, by a part of their name."""
    name = characters(text).strip()
    finders = []
    if user.has_perm("honors.view_honoree"):
        finders.append(
            Finder(
                _("获奖者"),
                Honoree.objects.filter(name__icontains=name)
                .for_cards()
                .select_related("edition"),
                lambda honoree: Hit(
                    honoree.name,
                    reverse("admin:honors_honoree_change", args=[honoree.pk]),
                    honoree.edition.title,
                ),
            )
        )
    if user.has_perm("honors.view_awardedition"):
        finders.append(
            Finder(
                _("荣誉届次"),
                AwardEdition.objects.filter(title__icontains=name),
                lambda edition: Hit(
                    edition.title,
                    reverse("admin:honors_awardedition_change", args=[edition.pk]),
                ),
            )
        )
    return finders
