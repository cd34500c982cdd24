"""The grounds on which an honour is not conferred, revoked or reinstated."""

from django.utils.translation import gettext_lazy as _

from common.errors import Reason

REASON_MISSING = Reason("reason_missing", _("请填写撤销原因。"))
ALREADY_REVOKED = Reason("already_revoked", _("这项荣誉已经撤销。"))
NOT_REVOKED = Reason("not_revoked", _("这项荣誉没有被撤销。"))
ALREADY_HONOURED = Reason(
    "already_honoured", _("同一届中已有该单位的这位获奖者。"), field="name"
)
CERTIFICATE_TAKEN = Reason(
    "certificate_taken", _("该证书编号已登记给其他获奖者。"), field="cert_no"
)
