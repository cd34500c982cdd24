"""Pages of 机构概况 and 办事指南: written by one, approved by another."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters, pagecache, richtext
from common.errors import Reason, Refusal
from members.models import User
from news.models import StandingPage


@transaction.atomic
@history.on_record
def save_page(*, page: StandingPage, by: User | None) -> StandingPage:
    """Keep what was written, cleaned as an article is; it waits for a second person, and
    what the public reads stays as it is.

    Raises Refusal: nothing stands under the title, or the text is too long to be read.
    """
    reasons = richtext.length_reasons(page.body, "body")
    if not reasons:
        page.body = richtext.clean(page.body)
    for name in ("title", "lead", "place", "hours", "phone"):
        setattr(page, name, letters.line(getattr(page, name)))
    for name in ("steps", "papers"):
        setattr(page, name, "\n".join(lines_of(getattr(page, name))))
    if not reasons and not any(getattr(page, name) for name in page.WORDS[1:]):
        reasons.append(Reason("empty", _("请填写内容"), field="body"))
    if reasons:
        raise Refusal(*reasons)
    page.is_waiting = True
    page.save()
    if by is not None:
        page.editors.add(by)
    return page


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line for line in map(letters.line, text.splitlines()) if line]


@transaction.atomic
@pagecache.publishes
@history.on_record
def approve_page(
    *, page: StandingPage, by: User | None, seen: str | None = None
) -> StandingPage:
    """Let the public read what is written, at once. ``seen``: the ``mark`` of what was
    read before it was approved.

    Raises Refusal: ``by`` wrote in it since it was approved last, somebody changed it
    meanwhile, or nothing waits.
    """
    page = StandingPage.objects.select_for_update().get(pk=page.pk)
    if seen is not None and seen != page.mark:
        text = _("您打开后，这一页又有修改，因此没有公开。请看过再批准。")
        raise Refusal(Reason("stale", text))
    if not page.is_waiting:
        raise Refusal(Reason("not_waiting", _("没有待批准的修改")))
    if by is not None and page.editors.filter(pk=by.pk).exists():
        text = _("您参与了这次修改，须由另一位同事批准")
        raise Refusal(Reason("own", text))
    page.live = {name: getattr(page, name) for name in page.WORDS}
    page.live_at = pagecache.moment().now
    page.approved_by, page.is_waiting = by, False
    page.save()
    page.editors.clear()
    return page


@transaction.atomic
@pagecache.publishes
@history.on_record
def take_down_page(*, page: StandingPage, by: User | None) -> StandingPage:
    """The public reads it no longer; what is written stays. Doing it twice changes
    nothing."""
    page = StandingPage.objects.select_for_update().get(pk=page.pk)
    page.live = page.live_at = page.approved_by = None
    page.is_waiting = True
    page.save()
    return page
