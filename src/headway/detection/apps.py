from django.apps import AppConfig


class DetectionConfig(AppConfig):
    name = "headway.detection"
    label = "detection"
    default_auto_field = "django.db.models.BigAutoField"
