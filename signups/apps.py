from django.apps import AppConfig


class SignupsConfig(AppConfig):
    name = "signups"
    label = "signups"
    verbose_name = "报名台"
