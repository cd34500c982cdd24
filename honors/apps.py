from django.apps import AppConfig


class HonorsConfig(AppConfig):
    name = "honors"
    label = "honors"
    verbose_name = "劳模工匠"
