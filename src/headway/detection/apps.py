from django.apps import AppConfig


class DetectionConfig(AppConfig):
    name = "headway.detection"
    label = "detection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.detection import jobs, permissions  # noqa: F401

        jobs.listen()
