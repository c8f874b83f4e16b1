from django.apps import AppConfig

from headway.core.status import Told


class MetricsConfig(AppConfig):
    name = "headway.metrics"
    label = "metrics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.core.status import tells
        from headway.metrics import permissions  # noqa: F401

        def figures() -> Told:
            from headway.metrics.age import status

            return status()

        tells("figures", figures)
