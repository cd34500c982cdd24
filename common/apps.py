from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "审计"  # all that the back office shows of this room
