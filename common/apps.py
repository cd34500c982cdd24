from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = (
        "日历与后台任务"  # the audit has a section of its own (PortalAdminSite)
    )
