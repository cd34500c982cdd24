"""A message from whoever runs something to all who hold a seat of it or wait."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from members.models import User
from signups.models import Offering
from signups.services import telling

LONGEST = 300  # characters


@transaction.atomic
@history.on_record
def write_to_all(*, offering: Offering, text: str, by: User | None) -> int:
    """Tell everybody who holds a seat or waits; how many accounts were told. The same
    words to the same people are said once, however often they are sent. Who has no
    account cannot be told here.

    Refusal: ``text_missing``, ``text_too_long``, ``withdrawn``.
    """
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if not text:
        raise Refusal(Reason("text_missing", _("请填写消息内容。"), field="text"))
    if len(text) > LONGEST:
        said = _("消息请不超过%(n)d字。") % {"n": LONGEST}
        raise Refusal(Reason("text_too_long", said, field="text"))
    if offering.withdrawn_at is not None:
        raise Refusal(Reason("withdrawn", _("已停办，学员已另行收到通知。")))
    return telling.message(offering=offering, text=text, but=by)
