from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks


class PortalConfig(AppConfig):
    name = "unionportal"
    verbose_name = "网站"

    def ready(self):
        # not in admin.py: that one makes the back office itself, which must stand first
        from unionportal import site_admin  # noqa: F401

        # every verb that publishes keeps the index of the search (common.pagecache)
        from common.services import indexing  # noqa: F401 isort:skip
        from unionportal.database.checks import the_application_owns_nothing

        checks.register(the_application_owns_nothing, checks.Tags.database, deploy=True)


class PortalAdminConfig(AdminConfig):
    default_site = "unionportal.admin.PortalAdminSite"
