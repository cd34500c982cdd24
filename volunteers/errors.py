"""The grounds on which a team does not take somebody in."""

from django.utils.translation import gettext_lazy as _

from common.errors import Reason

ALREADY_IN_TEAM = Reason("already_in_team", _("该职工已在这支队伍中。"), field="worker")
HAS_HOME_TEAM = Reason("has_home_team", _("该职工已有主队。"), field="is_home")
AGREED_LATER = Reason(
    "agreed_later",
    _("同意公开全名的日期不能晚于今天。"),
    field="leader_agreed_on",
)
TEAM_INACTIVE = Reason("team_inactive", _("这支队伍已不再活动。"), field="team")
