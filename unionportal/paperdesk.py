"""纸质名单: for units without computers. A sheet is printed, its photo attached, what
was ticked typed back by codes and its total compared. Whose sheets: those of the unions
one looks after; the photo is asked for like every other page.
"""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from common import dates, images, picturestore, qr
from common.errors import Refusal
from common.receipts import picture_box
from members import names
from members.models import UnionOrg
from signups.models import Occasion, Offering, PaperSheet
from signups.services import papers
from signups.services.standing import database_now

MOST = 50  # sheets on the list
MOST_OFFERED = 100


class PrintForm(forms.Form):
    """What for, and whose people."""

    what = forms.ChoiceField(label=gettext_lazy("用于"))
    union = forms.CharField(
        label=gettext_lazy("单位（名称或编号）"),
        max_length=100,
        error_messages={"required": gettext_lazy("请填写单位的名称或编号。")},
    )
    only_without = forms.BooleanField(
        label=gettext_lazy("只列没有账号的职工"), required=False, initial=True
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.orgs = UnionOrg.objects.managed_by(user)
        own = list(self.orgs[:2])
        if len(own) == 1:
            self.fields["union"].initial = own[0].name
        self.fields["what"].choices = _choices()

    def clean_what(self):
        """(offering, occasion or None)."""
        kind, key = self.cleaned_data["what"].split("-")
        if kind == "occasion":
            occasion = Occasion.objects.select_related("offering").get(pk=key)
            return occasion.offering, occasion
        return Offering.objects.get(pk=key), None

    def clean_union(self):
        typed = self.cleaned_data["union"].strip()
        found = self.orgs.filter(code=typed) | self.orgs.filter(name=typed)
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            _("没有找到您负责的这个单位，请填写完整的名称或编号。")
        )


def _choices():
    """Offerings that are open, then times that are near."""
    now = database_now()
    made = [
        (f"offering-{row.pk}", _("报名：%(title)s") % {"title": row.title})
        for row in Offering.objects.listed()
        .open_now()
        .filter(withdrawn_at=None)
        .order_by("starts_at", "pk")[:MOST_OFFERED]
    ]
    near = Occasion.objects.taking_place().filter(
        starts_at__range=(now - timedelta(days=7), now + timedelta(days=2)),
        offering__withdrawn_at=None,
    )
    for row in near.select_related("offering")[:MOST_OFFERED]:
        words = {"title": row.offering.title, "at": dates.start(row.starts_at)}
        made.append((f"occasion-{row.pk}", _("签到：%(title)s %(at)s") % words))
    return made


class PhotoForm(forms.Form):
    file = picture_box(label=gettext_lazy("填好的名单的照片"))

    def clean_file(self):
        if not self.cleaned_data["file"]:
            raise forms.ValidationError(_("请选择照片。"))
        return self.cleaned_data["file"]


class CodesForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("打勾的行的编码"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "numeric"}),
        help_text=gettext_lazy("每行一个，或用空格隔开。可以分几次录入。"),
    )

    def clean_codes(self):
        text = self.cleaned_data["codes"].translate(_WIDE)
        return text.split()


_WIDE = str.maketrans("０１２３４５６７８９，、,；;", "0123456789     ")


class TotalForm(forms.Form):
    total = forms.IntegerField(
        label=gettext_lazy("纸上写的合计人数"),
        min_value=0,
        max_value=papers.LINES,
        error_messages={"required": gettext_lazy("请填写纸上的合计人数。")},
    )


class PaperDesk:
    """The pages, as part of the back office ``site``."""

    def __init__(self, admin_site):
        self.admin_site = admin_site

    def urls(self):
        wrap, one = self.admin_site.admin_view, "papers/<int:pk>/"
        return [
            path("papers/", wrap(self.list_view), name="papers"),
            path(one, wrap(self.sheet_view), name="paper"),
            path(f"{one}print/", wrap(self.print_view), name="paper-print"),
            path(f"{one}code.svg", wrap(self.code_view), name="paper-code"),
            path(
                f"{one}photo-<int:width>.jpg",
                wrap(self.photo_view),
                name="paper-photo",
            ),
            path(
                f"{one}lines/<int:line>/take-back/",
                wrap(self.take_back_view),
                name="paper-take-back",
            ),
        ]

    def _check(self, request):
        """Whoever serves people at the desk serves them on paper."""
        if not request.user.has_perms(["members.view_worker", "signups.add_signup"]):
            raise PermissionDenied

    def _sheet(self, request, pk):
        self._check(request)
        rows = PaperSheet.objects.managed_by(request.user).select_related(
            "offering__rules", "occasion__offering__rules", "union_org",
            "printed_by", "photo_by", "closed_by",
        )  # fmt: skip
        return get_object_or_404(rows, pk=pk)

    def _page(self, request, name, title, *, is_inner=True, **context):
        above = [(_("纸质名单"), reverse("admin:papers"))] if is_inner else None
        return TemplateResponse(
            request,
            f"admin/papers/{name}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "above": above,
                **context,
            },
        )

    def list_view(self, request):
        """What waits to be typed back, and printing."""
        self._check(request)
        form = PrintForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            offering, occasion = form.cleaned_data["what"]
            try:
                made = papers.print_sheets(
                    offering=offering,
                    occasion=occasion,
                    union_org=form.cleaned_data["union"],
                    with_accounts=not form.cleaned_data["only_without"],
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                said = _("已生成%(n)d张名单，逐张打开打印。") % {"n": len(made)}
                messages.success(request, said)
                there = reverse("admin:paper-print", args=[made[0].pk])
                if len(made) > 1:
                    there = reverse("admin:papers")
                return HttpResponseRedirect(there)
        sheets = PaperSheet.objects.managed_by(request.user).for_list()[:MOST]
        return self._page(
            request,
            "list",
            _("纸质名单"),
            is_inner=False,
            form=form,
            sheets=[(sheet, _what(sheet)) for sheet in sheets],
        )

    def sheet_view(self, request, pk):
        """Photo, lines, total: whichever form was sent."""
        sheet = self._sheet(request, pk)
        act = request.POST.get("act", "") if request.method == "POST" else ""
        photo = PhotoForm(*((request.POST, request.FILES) if act == "photo" else ()))
        codes = CodesForm(*((request.POST,) if act == "codes" else ()))
        total = TotalForm(*((request.POST,) if act == "total" else ()))
        verbs = {
            "photo": (photo, self._attach),
            "codes": (codes, self._enter),
            "total": (total, self._close),
        }
        if act in verbs:
            form, verb = verbs[act]
            if form.is_valid():
                try:
                    verb(request, sheet, form.cleaned_data)
                except Refusal as refusal:
                    refusal.show_in(form)
                else:
                    return HttpResponseRedirect(reverse("admin:paper", args=[pk]))
        lines = list(sheet.lines.select_related("worker", "entered_by"))
        for line in lines:
            line.code = papers.code_of(sheet, line.number)
            line.is_counted = line.outcome not in ("", "taken_back")
        done = sum(line.is_counted for line in lines)
        return self._page(
            request,
            "sheet",
            _("名单%(number)s") % {"number": sheet.number},
            sheet=sheet,
            what=_what(sheet),
            lines=lines,
            done=done,
            photo=photo,
            codes=codes,
            total=total,
            accepts=images.ACCEPT,
            widest=max(images.WIDTHS),
        )

    def _attach(self, request, sheet, given):
        kept = picturestore.keep(papers.SHELF, given["file"])
        papers.attach(sheet=sheet, kept=kept, by=request.user)
        messages.success(request, _("照片已保存。"))

    def _enter(self, request, sheet, given):
        made = papers.enter(sheet=sheet, codes=given["codes"], by=request.user)
        failed = sum(line.outcome == "refused" for line in made)
        said = _("录入了%(n)d行。") % {"n": len(made)}
        if failed:
            more = _("其中%(n)d行没有办成，原因见各行。") % {"n": failed}
            messages.warning(request, said + more)
        else:
            messages.success(request, said)

    def _close(self, request, sheet, given):
        papers.close(sheet=sheet, total=given["total"], by=request.user)
        messages.success(request, _("核对完毕，合计相符。"))

    @method_decorator(require_GET)
    def print_view(self, request, pk):
        """The sheet itself, on A4; names masked, since it goes from hand to hand."""
        sheet = self._sheet(request, pk)
        lines = [
            {
                "number": line.number,
                "code": papers.code_of(sheet, line.number),
                "name": names.masked(line.worker.name),
                "end": line.worker.member_number[-4:],
            }
            for line in sheet.lines.select_related("worker")
        ]
        return self._page(
            request,
            "print",
            _("打印名单%(number)s") % {"number": sheet.number},
            sheet=sheet,
            what=_what(sheet),
            lines=lines,
            printed_at=dates.moment(sheet.printed_at),
        )

    @method_decorator(require_GET)
    def code_view(self, request, pk):
        """Where the sheet is typed back, as a QR picture on it."""
        sheet = self._sheet(request, pk)
        there = reverse("admin:paper", args=[sheet.pk])
        return _picture(qr.svg(request.build_absolute_uri(there)))

    @method_decorator(require_GET)
    def photo_view(self, request, pk, width):
        """Asked at every fetch; no cache may keep it."""
        sheet = self._sheet(request, pk)
        if not sheet.photo_key or width not in images.WIDTHS:
            raise Http404
        return picturestore.show(request, papers.SHELF, sheet.photo_key, width)

    @method_decorator(require_POST)
    def take_back_view(self, request, pk, line):
        sheet = self._sheet(request, pk)
        row = get_object_or_404(sheet.lines.select_related("sheet"), pk=line)
        try:
            papers.take_back(line=row, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("第%(n)d行已撤回。") % {"n": row.number})
        return HttpResponseRedirect(reverse("admin:paper", args=[pk]))


def _what(sheet) -> str:
    title = sheet.offering.title
    if sheet.occasion is None:
        return _("报名：%(title)s") % {"title": title}
    words = {"title": title, "at": dates.start(sheet.occasion.starts_at)}
    return _("签到：%(title)s %(at)s") % words


def _picture(content):
    return HttpResponse(content, content_type="image/svg+xml")
