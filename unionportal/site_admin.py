"""网站设置: what the frame of every page says, changed without a release."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.modeladmin import Named, PortalModelAdmin
from common.receipts import picture_box
from unionportal import services
from unionportal.models import FooterLink, GreyPeriod, SiteMark, SiteSettings


class GreyPeriodInline(Named, admin.TabularInline):
    model = GreyPeriod
    extra = 0
    fields = ["starts_on", "ends_on", "occasion"]


class FooterLinkInline(Named, admin.TabularInline):
    model = FooterLink
    extra = 0
    fields = ["group", "name", "url", "position"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(PortalModelAdmin, admin.ModelAdmin):
    """One row that is always there: the list leads straight to it."""

    fieldsets = [
        (
            _("单位与联系方式"),
            {
                "fields": [
                    "slogan",
                    "organiser",
                    "address",
                    "postcode",
                    "phone",
                    "hotline",
                ],
                "description": _("填写后显示在每一页的页脚；不填的不显示。"),
            },
        ),
        (_("举报"), {"fields": ["report_phone", "report_email"]}),
        (_("备案"), {"fields": ["icp", "police_record", "id_code"]}),
    ]
    inlines = [GreyPeriodInline, FooterLinkInline]

    def changelist_view(self, request, extra_context=None):
        """Straight to the one row; nothing is stored by looking."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(reverse("admin:unionportal_sitesettings_change", args=[1]))

    def get_object(self, request, object_id, from_field=None):
        """The row, or what holds before anybody has saved it."""
        if str(object_id) != "1" or not self.has_view_permission(request):
            return None
        settings = SiteSettings.objects.current()
        settings.pk = 1
        return settings

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_site(settings=obj, by=request.user)

    def response_change(self, request, obj):
        """The row is called like its noun: Django would say the name twice."""
        self.message_user(request, _("已保存网站设置。"), messages.SUCCESS)
        return redirect(request.path)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            services.remove_site_part(row=row, by=request.user)
        for row in rows:
            services.save_site_part(row=row, by=request.user)


class SiteMarkForm(forms.ModelForm):
    """A mark and the file it is made from; an old one keeps its picture without."""

    STANDS_FOR = {"file": ("key", ["file"])}

    file = picture_box(
        label=_("图片文件"),
        help_text=_(
            "JPG、PNG、WebP或GIF，10MB以内，透明底的PNG最好。会徽请用上级下发的标准文件。"
        ),
    )

    class Meta:
        model = SiteMark
        fields = ["kind", "link"]


@admin.register(SiteMark)
class SiteMarkAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["kind", "picture", "link", "updated_at"]
    form = SiteMarkForm
    fields = ["kind", "file", "picture", "link"]
    readonly_fields = ["picture"]

    @admin.display(description=_("当前图片"))
    def picture(self, mark):
        if not mark.key:
            return "—"
        return format_html(
            '<img class="mark" src="{}" width="{}" height="{}" alt="{}">',
            reverse("site-mark", args=[mark.key]),
            mark.width,
            mark.height,
            mark.get_kind_display(),
        )

    def get_readonly_fields(self, request, obj=None):
        """A picture is for one use; another use is another row."""
        return ["kind", *self.readonly_fields] if obj else self.readonly_fields

    def get_actions(self, request):
        return {}

    def save_model(self, request, obj, form, change):
        upload = form.cleaned_data.get("file")
        services.save_mark(mark=obj, upload=upload, by=request.user)

    def delete_model(self, request, obj):
        services.remove_mark(mark=obj, by=request.user)
