from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "headway.diagnosis"
    label = "diagnosis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.diagnosis import jobs
        from headway.diagnosis.practice import permissions  # noqa: F401

        jobs.listen()
