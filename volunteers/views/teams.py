"""The directory of teams and a team's page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from common import facets, pagecache
from common.pagecache import moment_of
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from members.enums import UnionLevel
from members.models import UnionOrg
from volunteers import pieces
from volunteers.buttons import joining_of
from volunteers.cards import team_card
from volunteers.enums import TeamKind
from volunteers.forms import TeamFilterForm
from volunteers.models import ReportedFigure, VolunteerTeam

MEMBERS_SHOWN = 24


def is_of(org, code) -> bool:
    """Whether a union of this code belongs to the district; see ``chosen``."""
    return (
        code == org.code if org.level == UnionLevel.CITY else code.startswith(org.code)
    )


def named(org) -> str:
    return (
        _("%(name)s本级") % {"name": org} if org.level == UnionLevel.CITY else org.name
    )


def reported() -> str:
    """The figures of a report in a sentence, each as it was reported: they stand apart
    from what was counted here. Empty without any; one query."""
    rows = list(ReportedFigure.objects.all())
    if not rows:
        return ""
    told = "，".join(f"{row.get_of_display()}{row.in_words}" for row in rows)
    sources = "、".join(dict.fromkeys(row.source for row in rows))
    words = _("上报数字：%(told)s。与本站记录口径不同，不相加。出处：%(sources)s")
    return words % {"told": told, "sources": sources}


class TeamListView(ShortInLargePrint, ListView):
    """The directory, narrowed by the address."""

    # unions and people are changed without publishing
    public_page = PublicPage((*TeamFilterForm.base_fields, "page"), is_moving=True)
    paginate_by = 18
    template_name = "volunteers/team_list.html"
    context_object_name = "teams"

    def get_queryset(self):
        self.chosen = TeamFilterForm(self.request.GET).chosen
        self.districts = list(UnionOrg.objects.of_directory())
        return self.narrowed(self.chosen).for_cards()

    def narrowed(self, chosen):
        """Active teams under these filters; an unknown district narrows nothing."""
        by_pk = {org.pk: org for org in self.districts}
        return VolunteerTeam.objects.active().chosen(
            kind=chosen.get("kind", ""),
            district=by_pk.get(chosen.get("district")),
            recruiting=bool(chosen.get("recruiting")),
        )

    def others(self, name):
        return self.narrowed({k: v for k, v in self.chosen.items() if k != name})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        figures = VolunteerTeam.objects.figures()
        return context | {
            "cards": [team_card(team) for team in context["teams"]],
            "figures": [
                (_("志愿服务队"), figures["teams"], _("支")),
                (_("本站登记队员"), figures["people"], _("名")),
                (_("正在招募"), figures["recruiting"], _("支")),
            ],
            "reported": pagecache.cached(
                "reported", lambda: (reported(), None), at=moment_of(self.request)
            ),
            "coming": pieces.coming(moment_of(self.request)),
            "facets": self.facets(),
            "picks": facets.picks(self.chosen, self.labels()),
            "query": facets.address(self.chosen).lstrip("?"),
            "crumbs": [(_("志愿服务"), "")],
        }

    def facets(self):
        kinds = dict(TeamKind.choices)
        codes = self.others("district").codes_of_unions()
        return [
            facets.facet(
                _("类别"),
                "kind",
                [
                    (value, kinds[value], teams)
                    for value, teams in self.others("kind").count_by_kind()
                ],
                self.chosen,
                whole=_("全部"),
            ),
            facets.facet(
                _("所属工会"),
                "district",
                [
                    (org.pk, named(org), teams)
                    for org in self.districts
                    if (teams := sum(is_of(org, code) for code in codes))
                ],
                self.chosen,
                whole=_("全部"),
            ),
            facets.facet(
                _("招募"),
                "recruiting",
                [(1, _("正在招募"), self.others("recruiting").recruiting().count())],
                self.chosen,
                whole=_("全部"),
            ),
        ]

    def labels(self):
        """How each filter in force is called on its chip."""
        districts = {org.pk: named(org) for org in self.districts}
        return {
            "kind": dict(TeamKind.choices).get(self.chosen.get("kind"), ""),
            "district": districts.get(self.chosen.get("district"), _("所属工会")),
            "recruiting": _("正在招募"),
        }


class TeamDetailView(DetailView):
    """One active team: its facts, how one comes in, and its first members, masked but for
    those who agreed to be named."""

    public_page = PublicPage(is_moving=True)
    queryset = VolunteerTeam.objects.for_page()
    template_name = "volunteers/team_detail.html"
    context_object_name = "team"

    def get_context_data(self, **kwargs):
        members = self.object.memberships.for_names()[:MEMBERS_SHOWN]
        names = [membership.public_name for membership in members]
        joining = joining_of(self.object, self.request.user)
        return super().get_context_data(
            joining=joining,
            services=pieces.of_team(moment_of(self.request), self.object.pk),
            sees_hours=joining.membership is not None or joining.state == "leads",
            honours=[line for line in self.object.honours.splitlines() if line.strip()],
            names=names,
            unnamed=self.object.member_count - len(names),
            crumbs=[
                (_("志愿服务"), reverse("volunteers:team-list")),
                (self.object.name, ""),
            ],
            **kwargs,
        )
