from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "unionportal"
    verbose_name = "门户"


class PortalAdminConfig(AdminConfig):
    default_site = "unionportal.admin.PortalAdminSite"
