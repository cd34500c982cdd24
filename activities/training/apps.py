from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "activities.training"
    label = "activities_training"
    verbose_name = "才艺培训"
