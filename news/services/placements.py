"""What is put forward, and by whom it was approved."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, pagecache
from common.errors import Reason, Refusal
from members.models import User
from news.models import Article, Placement


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_placement(*, placement: Placement, by: User | None) -> Placement:
    """Put an article forward, or change how. It shows once somebody else approves it;
    after a change it waits for that again.

    Raises Refusal: the article has no picture, stands in that place already, or the end
    is not after the start.
    """
    article = Article.objects.select_for_update().get(pk=placement.article_id)
    reasons = []
    if article.lead_photo_id is None:
        text = _("这篇文章没有图片，不能推荐")
        reasons.append(Reason("no_picture", text, field="article"))
    if placement.ends_at and placement.ends_at <= placement.starts_at:
        text = _("结束时间须在开始时间之后")
        reasons.append(Reason("ends_too_soon", text, field="ends_at"))
    others = Placement.objects.filter(slot=placement.slot, article=article)
    if others.exclude(pk=placement.pk).exists():
        text = _("这篇文章已在这个位置，请修改原来的推荐")
        reasons.append(Reason("placed_already", text, field="article"))
    if reasons:
        raise Refusal(*reasons)
    placement.made_by = by
    placement.approved_by = placement.approved_at = None
    placement.save()
    return placement


@transaction.atomic
@pagecache.publishes
@history.on_record
def approve_placement(*, placement: Placement, by: User) -> Placement:
    """Let it show. Doing it twice changes nothing. Raises Refusal for whoever put it
    forward themselves."""
    placement = Placement.objects.select_for_update().get(pk=placement.pk)
    if placement.made_by_id == by.pk:
        text = _("这是您自己提出的推荐，须由另一位同事批准")
        raise Refusal(Reason("own", text))
    if placement.approved_at is None:
        placement.approved_by, placement.approved_at = by, Now()
        placement.save()
    return placement


@transaction.atomic
@pagecache.publishes
@history.on_record
def drop_placement(*, placement: Placement, by: User | None) -> None:
    """Take it away."""
    placement.delete()
