"""What the back office's list of classes is narrowed by."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PeopleFilter(admin.SimpleListFilter):
    """Classes that somebody should look at for the number of their people, while their
    sign-up runs."""

    title = _("人数")
    parameter_name = "people"

    def lookups(self, request, model_admin):
        return [
            ("few", _("未达开班人数")),
            ("decide", _("待定是否开班")),
            ("waiting", _("有人候补")),
        ]

    def queryset(self, request, queryset):
        running = queryset.taking_place().open_now()
        if self.value() == "decide":
            return queryset.to_decide()
        if self.value() == "few":
            return running.too_few()
        return running.with_a_queue() if self.value() == "waiting" else queryset
