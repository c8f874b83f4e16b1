from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "headway.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.core import jobs
        from headway.core.webhooks.sending import send_what_is_due

        jobs.every(30, send_what_is_due)
