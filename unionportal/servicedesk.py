"""服务台: a person is found by their number, name or member number; one page says
everything about them and what can be done for them, by the same verbs and within the same
limits as if they did it themselves. Who did it and for whom stands on the row.

Whose people: ``Worker.objects.managed_by``; a steward serves those of their unions.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from common import dates
from common.errors import Refusal
from common.pagecache import moment_of
from members import phones
from members.models import CorrectionRequest, UnionTransfer, Worker
from signups import buttons
from signups.enums import HELD, SignupState, SignupStatus
from signups.forms import CheckInForm
from signups.models import Occasion, Offering, Signup
from signups.services import checkin, seats, standing
from unionportal import site

MOST_FOUND = 20
MOST_OFFERED = 60
MOST_ROWS = 20  # signups and requests of one person


class SearchForm(forms.Form):
    """Sent by POST: a number in an address would stand in logs and histories."""

    q = forms.CharField(
        label=gettext_lazy("手机号、姓名或会员编号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("取消原因"), max_length=200, required=False
    )


class ServiceDesk:
    """The pages, as part of the back office ``site``."""

    def __init__(self, admin_site):
        self.admin_site = admin_site

    def urls(self):
        wrap, one = self.admin_site.admin_view, "desk/<int:pk>/"
        return [
            path("desk/", wrap(self.find_view), name="desk"),
            path(one, wrap(self.person_view), name="desk-person"),
            path(f"{one}sign-up/", wrap(self.sign_up_view), name="desk-sign-up"),
            path(
                f"{one}signups/<int:signup>/cancel/",
                wrap(self.cancel_view),
                name="desk-cancel",
            ),
            path(
                f"{one}signups/<int:signup>/check-in/",
                wrap(self.check_in_view),
                name="desk-check-in",
            ),
            path(
                f"{one}signups/<int:signup>/slip/",
                wrap(self.slip_view),
                name="desk-slip",
            ),
        ]

    # --- whose, and may they

    def _check(self, request, *rights):
        """Whoever serves people sees them and may sign them up."""
        needed = ("members.view_worker", "signups.add_signup", *rights)
        if not request.user.has_perms(needed):
            raise PermissionDenied

    def _worker(self, request, pk):
        rows = Worker.objects.managed_by(request.user)
        return get_object_or_404(rows.select_related("union_org", "user"), pk=pk)

    def _signup(self, request, worker, pk):
        rows = Signup.objects.managed_by(request.user).filter(worker=worker)
        return get_object_or_404(
            rows.select_related("offering__rules", "asked_by").with_rank().with_state(),
            pk=pk,
        )

    def _page(self, request, name, title, worker=None, **context):
        above = [(_("服务台"), reverse("admin:desk"))]
        if worker is not None and name != "person":
            address = reverse("admin:desk-person", args=[worker.pk])
            above.append((str(worker), address))
        return TemplateResponse(
            request,
            f"admin/desk/{name}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "above": above if name != "find" else None,
                "worker": worker,
                **context,
            },
        )

    # --- finding

    @method_decorator(sensitive_post_parameters("q"))
    def find_view(self, request):
        """One hit leads on at once."""
        self._check(request)
        form, found, is_more = SearchForm(request.POST or None), [], False
        if request.method == "POST" and form.is_valid():
            rows = (
                Worker.objects.managed_by(request.user)
                .found_by(form.cleaned_data["q"])
                .select_related("union_org", "user")
                .order_by("pk")[: MOST_FOUND + 1]
            )
            found = list(rows)
            if len(found) == 1:
                address = reverse("admin:desk-person", args=[found[0].pk])
                return HttpResponseRedirect(address)
            is_more, found = len(found) > MOST_FOUND, found[:MOST_FOUND]
        return self._page(
            request,
            "find",
            _("服务台"),
            form=form,
            found=found,
            is_more=is_more,
            is_sought=form.is_bound and form.is_valid(),
        )

    # --- one person

    @method_decorator(require_GET)
    def person_view(self, request, pk):
        """Everything about them, masked, and what can be done."""
        self._check(request)
        worker, user = self._worker(request, pk), request.user
        signups = list(
            Signup.objects.managed_by(user)
            .for_my_page(worker)
            .select_related("offering__rules", "asked_by")[:MOST_ROWS]
        )
        may_cancel = user.has_perm("signups.change_signup")
        now = standing.database_now()
        for signup in signups:
            signup.label = SignupState(signup.state).label
            signup.is_held = signup.state in HELD
            signup.when = signup.next_at and dates.start(signup.next_at)
            signup.is_over = signup.offering.is_over
            if signup.is_over and signup.is_held:
                signup.label = _("已结束")
                signup.is_held = False
            signup.may_cancel = may_cancel and signup.is_held
            signup.check_in = checkin.open_for(signup, now)
        return self._page(
            request,
            "person",
            str(worker),
            worker,
            phone=worker.user and phones.masked(worker.user.phone_last4),
            signups=signups,
            requests=self._requests(user, worker),
            may_call=user.has_perm("members.reveal_phone") and worker.user_id,
            may_verify=user.has_perm("members.verify_worker"),
            may_transfer=user.has_perm("members.add_uniontransfer"),
        )

    def _requests(self, user, worker):
        """Transfers and corrections that this person may see: day, words, state, and
        the address of those that wait."""
        found = []
        if user.has_perm("members.view_uniontransfer"):
            rows = UnionTransfer.objects.managed_by(user).filter(worker=worker)
            for row in rows.select_related("from_org", "to_org")[:MOST_ROWS]:
                words = _("转会：%(old)s → %(new)s")
                words %= {"old": row.from_org, "new": row.to_org}
                found.append((row, words))
        if user.has_perm("members.view_correctionrequest"):
            rows = CorrectionRequest.objects.managed_by(user).filter(worker=worker)
            for row in rows[:MOST_ROWS]:
                words = _("更正%(field)s") % {"field": row.get_field_display()}
                found.append((row, words))
        return [
            {
                "day": dates.day(row.asked_at),
                "words": words,
                "state": row.get_state_display(),
                "url": reverse(
                    f"admin:members_{row._meta.model_name}_change", args=[row.pk]
                ),
            }
            for row, words in found
        ]

    # --- what can be done

    def sign_up_view(self, request, pk):
        """What they could be signed up for now, each with every reason against it; the
        choice is the sign-up, and leads to its slip."""
        self._check(request)
        worker = self._worker(request, pk)
        if request.method == "POST":
            return self._sign_up(request, worker)
        offerings = list(
            Offering.objects.listed()
            .open_now()
            .filter(withdrawn_at=None)
            .for_standing()
            .annotate(read_at=Now())  # the clock that decides, in the same query
            .order_by("starts_at", "pk")[:MOST_OFFERED]
        )
        now = offerings[0].read_at if offerings else timezone.now()
        seen = standing.look(offerings, worker, now=now)
        rows = [
            {
                "offering": offering,
                "when": offering.starts_at and dates.start(offering.starts_at),
                "seats": buttons.seats_line(seen[offering.pk])[0],
                # as on the worker's own button
                "until": buttons.open_until(seen[offering.pk]),
                "waits": seen[offering.pk].would_wait,
                "waiting": seen[offering.pk].waiting,
                "reasons": seen[offering.pk].reasons,
            }
            for offering in offerings
        ]
        # what can be had comes first
        rows.sort(key=lambda row: (bool(row["reasons"]), row["waits"]))
        return self._page(
            request, "sign_up", _("为%(who)s报名") % {"who": worker}, worker, rows=rows
        )

    def _sign_up(self, request, worker):
        typed = request.POST.get("offering", "")
        rows = Offering.objects.listed()
        offering = get_object_or_404(
            rows, pk=int(typed) if typed.isdecimal() and len(typed) < 18 else 0
        )
        try:
            signup = seats.sign_up(
                offering_id=offering.pk, worker=worker, by=request.user
            )
        except Refusal as refusal:
            said = f"{offering}：{refusal}"
            messages.error(request, said)
            return HttpResponseRedirect(reverse("admin:desk-sign-up", args=[worker.pk]))
        said = (
            _("已为%(who)s报名“%(what)s”。")
            if signup.pool_id
            else _("“%(what)s”名额已满，已为%(who)s排入候补。")
        )
        messages.success(request, said % {"who": worker, "what": offering})
        return HttpResponseRedirect(
            reverse("admin:desk-slip", args=[worker.pk, signup.pk])
        )

    def cancel_view(self, request, pk, signup):
        """Says the consequence, asks why: the person will read it."""
        self._check(request, "signups.change_signup")
        worker = self._worker(request, pk)
        row = self._signup(request, worker, signup)
        back = reverse("admin:desk-person", args=[worker.pk])
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if not row.is_live:
            messages.warning(request, _("这项报名已经取消或停办。"))
            return HttpResponseRedirect(back)
        if form.is_valid():
            try:
                seats.cancel(
                    signup=row,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                )
            except Refusal as refusal:
                refusal.show_at(form, "reason")
            else:
                said = _("已取消%(who)s的报名：%(what)s。")
                said %= {"who": worker, "what": row.offering}
                messages.success(request, said)
                return HttpResponseRedirect(back)
        return self._page(
            request, "cancel", _("取消报名"), worker, signup=row, form=form, back=back
        )

    def check_in_view(self, request, pk, signup):
        """For who has no telephone: by the code that is shown at the door, as if they
        tapped themselves. Only while it is open."""
        self._check(request)
        worker = self._worker(request, pk)
        row = self._signup(request, worker, signup)
        occasion = self._at_the_door(row)
        if occasion is None:
            raise Http404
        form = CheckInForm(
            request.POST if request.method == "POST" else None, seats=row.seats
        )
        if form.is_valid():
            try:
                noted = checkin.check_in(
                    occasion=occasion,
                    worker=worker,
                    code=form.cleaned_data["code"],
                    people=form.cleaned_data.get("people"),
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                said = _("%(who)s：%(state)s。")
                said %= {"who": worker, "state": noted.get_state_display()}
                messages.success(request, said)
                return HttpResponseRedirect(
                    reverse("admin:desk-person", args=[worker.pk])
                )
        return self._page(
            request,
            "check_in",
            _("代%(who)s签到") % {"who": worker},
            worker,
            signup=row,
            when=dates.meeting(occasion.starts_at, occasion.ends_at),
            place=occasion.place,
            form=form,
        )

    def _at_the_door(self, row):
        """The occasion that this signup's person may check in to now, or None."""
        now = standing.database_now()
        coming = Occasion.objects.taking_place().filter(
            offering=row.offering_id, ends_at__gt=now
        )
        occasion = coming.select_related("offering__rules").first()
        if occasion is None or not checkin.hours_of(occasion).is_open(now):
            return None
        return occasion if row.status == SignupStatus.SEATED else None

    @method_decorator(require_GET)
    def slip_view(self, request, pk, signup):
        """What to take home: on a roll of 80 mm or on A4, black on white."""
        self._check(request)
        worker = self._worker(request, pk)
        row = self._signup(request, worker, signup)
        meetings = list(
            Occasion.objects.filter(offering=row.offering_id).taking_place()
        )
        now = moment_of(request)
        until = standing.own_cancel_deadline(row) if row.state in HELD else None
        portal = site.current(now)
        return self._page(
            request,
            "slip",
            _("报名单"),
            worker,
            signup=row,
            state=SignupState(row.state).label,
            is_held=row.state in HELD,
            meetings=[
                (dates.meeting(one.starts_at, one.ends_at), one.place)
                for one in meetings
            ],
            until=until and dates.moment(until),
            hotline=portal.hotline,
            phone=worker.user and phones.masked(worker.user.phone_last4),
            printed_at=dates.moment(timezone.localtime(now.now)),
            notice=standing.notice(row.offering),
        )
