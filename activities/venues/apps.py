from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "activities.venues"
    label = "activities_venues"
    verbose_name = "活动阵地"
