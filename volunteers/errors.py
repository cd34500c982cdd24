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
BACK_BEFORE_LEAVING = Reason(
    "back_before_leaving",
    _("该职工曾在这支队伍中，入队日期不能早于上次退队的日期。"),
    field="joined_on",
)
LEFT_BEFORE_JOINING = Reason(
    "left_before_joining", _("退队日期不能早于入队日期。"), field="left_on"
)
LEFT_LATER = Reason("left_later", _("退队日期不能晚于今天。"), field="left_on")
HAS_LEFT = Reason("has_left", _("该队员已退队；再次入队请另行登记。"))
TEAM_INACTIVE = Reason("team_inactive", _("这支队伍已不再活动。"), field="team")
