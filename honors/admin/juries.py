"""The jury, the public vote and the list of an edition in the back office: who sits, how
far they are (never what they gave), signing off, the minutes; the anomaly sheet; the list
with its composition and waivers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import Reason, Refusal
from common.letters import is_key
from honors import errors
from honors.enums import NominationState, RecusalGround
from honors.models import (
    AwardEdition,
    JuryRound,
    JurySeat,
    Nomination,
    ShortlistDecision,
    ShortlistWaiver,
    VoteVoid,
)
from honors.services import jury, juryresults, minutes, shortlist, votes
from members.models import UnionOrg, User

RUN, WAIVE = "honors.run_edition", "honors.approve_waiver"
MOST_LISTED = 200
_S = NominationState


def _keys(typed) -> list[int]:
    return [int(key) for key in typed[:MOST_LISTED] if is_key(key)]


class JuryPages:
    """Pages beside those of an edition (``AwardEditionAdmin``)."""

    def get_urls(self):
        own = self._job_urls(
            ("juries/", self.juries_view, "juries"),
            ("<int:pk>/jury/", self.jury_view, "jury"),
            ("<int:pk>/minutes/", self.minutes_view, "minutes"),
            ("<int:pk>/votes/", self.votes_view, "votes"),
            ("<int:pk>/shortlist/", self.shortlist_view, "shortlist"),
        )
        return [*own, *super().get_urls()]

    # --- what they share

    @staticmethod
    def _may(request, *rights):
        if not any(request.user.has_perm(right) for right in rights):
            raise PermissionDenied

    @staticmethod
    def _edition(pk) -> AwardEdition:
        return get_object_or_404(AwardEdition.objects.for_page(), pk=pk)

    def _page(self, request, name, title, edition=None, **context):
        above = [(_("评选届次"), reverse("admin:honors_awardedition_changelist"))]
        if edition is not None:
            at = reverse("admin:honors_awardedition_juries")
            above.append((_("评审与投票"), at))
        return self._job_page(
            request,
            f"honors/awardedition/{name}",
            title,
            above=above,
            edition=edition,
            **context,
        )

    def _acted(self, request, act, show):
        """Do what was posted and come back; refused, the page with the reasons."""
        if request.method != "POST":
            return show(())
        try:
            said = act()
        except Refusal as refusal:
            return show(refusal.reasons)
        if said:
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    # --- which edition

    def juries_view(self, request):
        """The editions that are judged, each with its pages; for who answers waivers
        those in which one waits."""
        self._may(request, RUN, WAIVE)
        editions = AwardEdition.objects.judged()
        if not request.user.has_perm(RUN):
            editions = AwardEdition.objects.filter(waivers__isnull=False).distinct()
        asked = ShortlistWaiver.objects.filter(
            edition=OuterRef("pk"), answered_at__isnull=True
        )
        editions = editions.for_page().select_related("jury_round")
        editions = editions.annotate(has_waiver=Exists(asked))[:MOST_LISTED]
        return self._page(
            request,
            "juries",
            _("评审与投票"),
            editions=list(editions),
            runs=request.user.has_perm(RUN),
        )

    # --- the jury

    def jury_view(self, request, pk):
        self._may(request, RUN)
        edition = self._edition(pk)
        return self._acted(
            request,
            lambda: self._run_jury(request, edition),
            lambda problems: self._show_jury(request, edition, problems),
        )

    def _run_jury(self, request, edition) -> str:
        typed, by = request.POST, request.user
        do = typed.get("do", "")
        if do == "seat":
            users = User.objects.filter(pk__in=_keys([typed.get("user", "")]))
            user = users.first()
            if user is None:
                raise Refusal(errors.NOT_A_JUROR)
            jury.seat_juror(
                edition=edition,
                user=user,
                union_org=_union_called(typed.get("union", "")),
                by=by,
            )
            return _("已聘任。")
        if do == "unseat":
            jury.unseat_juror(seat=self._seat(edition, typed), by=by)
            return _("已移出评委名单。")
        if do == "start":
            jury.start_jury(edition=edition, by=by)
            return _("已开始评审，材料已分给评委。")
        if do == "recuse":
            files = Nomination.objects.filter(edition=edition)
            jury.recuse(
                seat=self._seat(edition, typed),
                nomination=get_object_or_404(
                    files, pk__in=_keys([typed.get("nomination", "")])
                ),
                ground=RecusalGround.SECRETARY,
                word=typed.get("word", ""),
                by=by,
            )
            return _("已登记回避。")
        if do == "sign":
            juryresults.sign_off(edition=edition, by=by)
            return _("评审结果已签认，可以打印评审记录、确定名单。")
        return ""

    @staticmethod
    def _seat(edition, typed) -> JurySeat:
        seats = JurySeat.objects.filter(edition=edition)
        return get_object_or_404(seats, pk__in=_keys([typed.get("seat", "")]))

    def _show_jury(self, request, edition, problems):
        held = JuryRound.objects.filter(edition=edition).first()
        progress = jury.progress(edition)
        seated = [seat.user_id for seat in progress.seats]
        lacking = juryresults.lacking(held) if held and not held.is_signed_off else []
        if held and not held.is_signed_off and _vote_runs(edition):
            lacking = [errors.VOTE_RUNS, *lacking]
        return self._page(
            request,
            "jury",
            _("评委与评审"),
            edition,
            problems=problems,
            typed=request.POST,
            held=held,
            progress=progress,
            lacking=lacking,
            waiting=Nomination.objects.filter(
                edition=edition, state=_S.ELIGIBLE
            ).count(),
            jurors=list(jury.who_may_sit().exclude(pk__in=seated)[:MOST_LISTED]),
        )

    def minutes_view(self, request, pk):
        """For paper: who sat, who left what, how it was reckoned, what came of it."""
        self._may(request, RUN)
        edition = self._edition(pk)
        held = JuryRound.objects.filter(edition=edition).first()
        if held is None or not held.is_signed_off:
            raise Http404
        return self._page(
            request,
            "minutes",
            _("评审记录"),
            edition,
            held=held,
            made=minutes.of_round(held),
        )

    # --- the vote

    def votes_view(self, request, pk):
        self._may(request, RUN)
        edition = self._edition(pk)
        if edition.vote_opens_at is None:
            raise Http404
        return self._acted(
            request,
            lambda: self._void(request, edition),
            lambda problems: self._show_votes(request, edition, problems),
        )

    @staticmethod
    def _void(request, edition) -> str:
        typed = request.POST
        n = votes.void(
            edition=edition,
            kind=typed.get("kind", ""),
            key=typed.get("key", ""),
            reason=typed.get("reason", ""),
            by=request.user,
        )
        return _("已作废%(n)d张选票，选票和原因留存。") % {"n": n}

    def _show_votes(self, request, edition, problems):
        held = JuryRound.objects.filter(edition=edition).first()
        sheet = votes.sheet(edition)
        groups = [
            (_("一分钟内集中投票"), sheet.bursts),
            (_("一家工会占比过高"), sheet.unions),
            (_("同类设备、同一网段"), sheet.devices),
            (_("新开账号"), [sheet.new_accounts] if sheet.new_accounts else []),
        ]
        return self._page(
            request,
            "votes",
            _("投票核查"),
            edition,
            problems=problems,
            typed=request.POST,
            sheet=sheet,
            groups=groups,
            is_counted=held is not None and held.is_signed_off,
            is_running=_vote_runs(edition),
            voided=VoteVoid.objects.by_reason(edition)[:MOST_LISTED],
        )

    # --- the list

    def shortlist_view(self, request, pk):
        self._may(request, RUN, WAIVE)
        edition = self._edition(pk)
        if request.method == "POST" and request.POST.get("do") == "measure":
            return self._show_list(request, edition, ())
        return self._acted(
            request,
            lambda: self._run_list(request, edition),
            lambda problems: self._show_list(request, edition, problems),
        )

    def _run_list(self, request, edition) -> str:
        typed, by = request.POST, request.user
        do, _sep, key = typed.get("do", "").partition("-")
        if do in ("grant", "deny"):
            rows = ShortlistWaiver.objects.filter(edition=edition)
            shortlist.answer_waiver(
                waiver=get_object_or_404(rows, pk__in=_keys([key])),
                is_granted=do == "grant",
                answer=typed.get("answer", ""),
                by=by,
            )
            return _("已答复，申请人会收到消息。")
        self._may(request, RUN)
        picked = _keys(typed.getlist("picked"))
        reason = typed.get("reason", "")
        if do == "waive":
            shortlist.ask_waiver(
                edition=edition,
                rule=get_object_or_404(edition.composition, pk__in=_keys([key])),
                picked=picked,
                reason=typed.get(f"why-{key}", ""),
                by=by,
            )
            return _("已申请豁免，等待审批。")
        if do == "list":
            shortlist.shortlist(edition=edition, picked=picked, by=by, reason=reason)
            return _("名单已确定。")
        if do == "undo":
            shortlist.undo_shortlist(edition=edition, by=by, reason=reason)
            return _("名单已撤下。")
        if do == "release":
            n = shortlist.release_results(edition=edition, by=by)
            return _("结果已同时通知各推荐单位，共%(n)d人。") % {"n": n}
        return ""

    def _show_list(self, request, edition, problems):
        rows = shortlist.ranking(edition)
        asked = ShortlistWaiver.objects.filter(edition=edition).select_related(
            "asked_by", "answered_by"
        )
        asked = list(asked.order_by("-pk")[:MOST_LISTED])
        typed = request.POST
        runs = request.user.has_perm(RUN)
        pending = [one for one in asked if one.answered_at is None]
        if typed.get("do", "").partition("-")[0] in ("list", "measure", "waive"):
            picked = _keys(typed.getlist("picked"))  # as it was ticked, nobody included
        else:
            picked = _suggested(edition, rows, pending)
        listed = any(row.nomination.state == _S.SHORTLISTED for row in rows)
        if listed:
            picked = [
                row.nomination_id
                for row in rows
                if row.nomination.state == _S.SHORTLISTED
            ]
        names = {row.nomination_id: row.nomination.name for row in rows}
        for one in asked:
            is_this = typed.get("do", "").partition("-")[2] == str(one.pk)
            one.typed = typed.get("answer", "") if is_this else ""
            one.names = "、".join(names.get(key, "—") for key in one.picked)
            one.may_answer = (
                one.answered_at is None
                and one.asked_by_id != request.user.pk
                and request.user.has_perm(WAIVE)
            )
        return self._page(
            request,
            "shortlist",
            _("拟推荐名单"),
            edition,
            problems=problems,
            typed=typed,
            rows=[
                (row, row.nomination_id in set(picked), _groups(row.nomination))
                for row in rows
            ],
            meters=[
                (meter, typed.get(f"why-{meter.reading.rule.key}", ""))
                for meter in shortlist.measure(edition, picked)
            ],
            asked=asked,
            is_signed_off=JuryRound.objects.filter(
                edition=edition, signed_off_at__isnull=False
            ).exists(),
            listed=listed,
            runs=runs,
            may_choose=runs
            and not listed
            and any(row.nomination.state == _S.JURY for row in rows),
            decisions=ShortlistDecision.objects.filter(edition=edition)
            .select_related("by")
            .order_by("-pk")[:20],
        )


def _groups(nomination) -> str:
    return "" if nomination.is_group else " ".join(shortlist.groups_of(nomination))


def _suggested(edition, rows, pending) -> list[int]:
    """The first of the ranking, as many as there are places; where a waiver waits, the
    list it is for."""
    if pending:
        return pending[0].picked
    places = edition.quota or len(rows)
    open_rows = [row for row in rows if row.nomination.state == _S.JURY]
    return [row.nomination_id for row in open_rows[:places]]


def _vote_runs(edition) -> bool:
    return AwardEdition.objects.voting_not_over().filter(pk=edition.pk).exists()


def _union_called(typed) -> UnionOrg | None:
    """The union of this number or whole name; None for nothing typed."""
    typed = typed.strip()
    if not typed:
        return None
    union = UnionOrg.objects.filter(code=typed).first()
    union = union or UnionOrg.objects.filter(name=typed).first()
    if union is None:
        text = _("没有找到“%(name)s”，请填写工会全称或编号，也可留空。")
        raise Refusal(Reason("union_unknown", text % {"name": typed[:60]}))
    return union
