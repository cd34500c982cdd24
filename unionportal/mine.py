"""The pages under “我的” by which a person becomes a worker and stays master of their
data. Every page shows the person who is logged in and nobody else: no address names a
row."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from common import audit, sheets
from common.enums import AuditVerb
from common.errors import Refusal
from common.letters import is_key
from members.models import UnionOrg
from members.services import owndata as members_data
from members.services import unions, verification
from signups.models import CalendarFeed
from signups.services import feeds
from unionportal import owndata, services
from unionportal.forms import (
    CloseForm,
    CorrectionForm,
    NameForm,
    UnionSearchForm,
    VerifyForm,
)

TYPED = "verify_typed"  # session: what waits for another union to be chosen
TYPED_FIELDS = ("name", "member_number")


class MinePage(LoginRequiredMixin, TemplateView):
    """One page under “我的”: a name for the breadcrumb, and the worker behind it."""

    crumb = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (self.crumb, "")],
            worker=members_data.worker_of(self.request.user),
            **kwargs,
        )


class VerifyView(MinePage):
    """认证职工身份: first the union, found by a search; then the name and one number.

    The address names a union at most: what is typed about a person is posted.
    """

    template_name = "my/verify.html"
    crumb = _("认证职工身份")
    form_class = VerifyForm

    def get(self, request):
        return self.render_to_response(self._page(request.GET))

    def post(self, request):
        org = self._union(request.POST)
        form = VerifyForm(request.POST)
        if org is None or "again" in request.POST:
            return self._choose_again(request)
        if form.is_valid():
            given = form.cleaned_data
            try:
                worker = verification.verify(
                    user=request.user,
                    union_org=org,
                    name=given["name"],
                    identity_last6=given["identity_last6"],
                    member_number=given["member_number"],
                    consented=given["consent"],
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                request.session.pop(TYPED, None)
                text = _("已认证为“%(org)s”的职工，现在可以报名了。")
                messages.success(request, text % {"org": worker.union_org.name})
                return HttpResponseRedirect(self._next(request.POST) or reverse("my"))
        return self.render_to_response(self._page(request.POST, form))

    def _choose_again(self, request):
        """To the search; the name and member number wait there, in the (encrypted)
        session, for another union. The identity number's end is kept nowhere."""
        typed = {name: request.POST.get(name, "")[:60] for name in TYPED_FIELDS}
        if any(typed.values()):
            request.session[TYPED] = typed
        target = self._next(request.POST)
        query = f"?{urlencode({'next': target})}" if target else ""
        return HttpResponseRedirect(reverse("my-verify") + query)

    def _page(self, given, form=None):
        context = self.get_context_data()
        now = verification.database_now()
        search = UnionSearchForm(given)
        words = search.cleaned_data["q"] if search.is_valid() else ""
        org, found = self._union(given), unions.Found([])
        if org is None and words:
            found = unions.find(words)
            org = found.orgs[0] if found.is_sure else None
        return context | {
            "tries_left": verification.tries_left(self.request.user, now=now),
            "search": search if "q" in given else UnionSearchForm(),
            "words": words,
            "found": found,
            "org": org,
            "form": form or VerifyForm(initial=self.request.session.get(TYPED)),
            "next_page": self._next(given),
        }

    def _next(self, given) -> str:
        """The page the person came from, if it is one of ours."""
        asked = given.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            asked,
            allowed_hosts={self.request.get_host()},
            require_https=self.request.is_secure(),
        )
        return asked if is_ours and asked.startswith("/") else ""

    def _union(self, given) -> UnionOrg | None:
        typed = given.get("union", "")
        if not is_key(typed):
            return None
        return UnionOrg.objects.with_district().filter(pk=int(typed)).first()


class DataView(MinePage):
    """Everything the portal keeps about the person."""

    template_name = "my/data.html"
    crumb = _("我的个人信息")

    def get_context_data(self, **kwargs):
        user = self.request.user
        sections = owndata.sections(user, whole=False)
        return super().get_context_data(
            sections=sections,
            empty=[section for section in sections if not section.rows],
            has_consent=members_data.has_consent(user),
            **kwargs,
        )


class DataDownloadView(MinePage):
    """GET says what the file holds; POST gives it, and leaves an audit event.

    ``PrivatePages`` keeps it out of every cache.
    """

    template_name = "my/data_download.html"
    crumb = _("下载我的数据")
    FORMATS = {
        "json": (owndata.as_json, "application/json"),
        "xlsx": (
            owndata.as_xlsx,
            sheets.XLSX,
        ),
    }

    def post(self, request):
        kind = request.POST.get("format", "")
        if kind not in self.FORMATS:
            return redirect("my-data-download")
        write, content_type = self.FORMATS[kind]
        body = write(owndata.sections(request.user, whole=True))
        audit.record(
            AuditVerb.DOWNLOAD_OWN_DATA, by=request.user, of=request.user, after=kind
        )
        response = HttpResponse(body, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="my-data.{kind}"'
        return response


class NameView(MinePage):
    template_name = "my/name.html"
    crumb = _("修改称呼")
    form_class = NameForm

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", NameForm(initial={"name": self.request.user.name}))
        return super().get_context_data(**kwargs)

    def post(self, request):
        form = NameForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        members_data.rename(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("称呼已修改。"))
        return redirect("my-data")


class CorrectionView(MinePage):
    """Ask the union to correct the roster."""

    template_name = "my/correction.html"
    crumb = _("申请更正")
    form_class = CorrectionForm

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", CorrectionForm())
        return super().get_context_data(**kwargs)

    def post(self, request):
        worker = members_data.worker_of(request.user)
        form = CorrectionForm(request.POST)
        if worker is None:
            messages.error(request, _("您的账号还没有认证职工身份。"))
            return redirect("my-verify")
        if form.is_valid():
            try:
                members_data.ask_correction(
                    worker=worker, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                text = _("更正申请已提交，由所在单位工会办理，结果见本页“更正申请”。")
                messages.success(request, text)
                return redirect("my-data")
        return self.render_to_response(self.get_context_data(form=form))


class ConsentWithdrawView(MinePage):
    """Says the consequence, then takes the consent back."""

    template_name = "my/consent_withdraw.html"
    crumb = _("撤回同意")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            has_consent=members_data.has_consent(self.request.user),
            is_verified_by_it=members_data.rests_on_identity(self.request.user),
            **kwargs,
        )

    def post(self, request):
        try:
            services.withdraw_identity_consent(user=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已撤回同意。"))
        return redirect("my-data")


class CalendarView(MinePage):
    """日历订阅: an address of one's own, made, made anew or taken back. It is shown on
    the one page after it was made."""

    template_name = "my/calendar.html"
    crumb = _("日历订阅")
    SESSION = "calendar_feed"

    def get_context_data(self, **kwargs):
        feed = CalendarFeed.objects.filter(user=self.request.user).first()
        token = self.request.session.pop(self.SESSION, None)
        address = ""
        if token and feed is not None:
            path = reverse("signups:calendar-feed", args=[token])
            address = self.request.build_absolute_uri(path)
        return super().get_context_data(feed=feed, address=address, **kwargs)

    def post(self, request):
        if "revoke" in request.POST:
            request.session.pop(self.SESSION, None)
            feeds.revoke(user=request.user)
            messages.success(request, _("订阅地址已停用，原来的地址打不开了。"))
        else:
            request.session[self.SESSION] = feeds.make(user=request.user)
        return redirect("my-calendar")


class CloseView(MinePage):
    """Says the consequence, asks once more, then closes the account."""

    template_name = "my/close.html"
    crumb = _("注销账号")
    form_class = CloseForm

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", CloseForm(user=self.request.user))
        return super().get_context_data(
            reasons=services.closing_reasons(self.request.user), **kwargs
        )

    def post(self, request):
        form = CloseForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            services.close_account(user=request.user)
        except Refusal as refusal:
            refusal.show_in(form)
            return self.render_to_response(self.get_context_data(form=form))
        request.session.flush()
        request.user = AnonymousUser()
        return render(request, "my/closed.html")
