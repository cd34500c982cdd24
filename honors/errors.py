"""The grounds on which an honour is not conferred, revoked or reinstated."""

from django.utils.translation import gettext_lazy as _

from common.errors import Reason

REASON_MISSING = Reason("reason_missing", _("请填写撤销原因。"))
ALREADY_REVOKED = Reason("already_revoked", _("这项荣誉已经撤销。"))
NOT_REVOKED = Reason("not_revoked", _("这项荣誉没有被撤销。"))
TOO_EARLY = Reason(
    "too_early", _("还没有到表彰日期，不能授予并公开。"), field="conferred_on"
)
DAY_AFTER_CONFERRAL = Reason(
    "day_after_conferral",
    _("这一届已经公开，表彰日期不能晚于今天。"),
    field="conferred_on",
)
ALREADY_HONOURED = Reason(
    "already_honoured", _("同一届中已有该单位的这位获奖者。"), field="name"
)
CERTIFICATE_TAKEN = Reason(
    "certificate_taken", _("该证书编号已登记给其他获奖者。"), field="cert_no"
)
