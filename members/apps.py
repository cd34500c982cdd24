from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "职工与工会"

    def ready(self):
        """Every room says what it tells people (``noticekinds``)."""
        autodiscover_modules("notices")
