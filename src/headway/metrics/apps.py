from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "headway.metrics"
    label = "metrics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.metrics import permissions  # noqa: F401
