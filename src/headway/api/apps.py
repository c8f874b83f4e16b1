from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "headway.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.api import permissions  # noqa: F401
        from headway.api.queries import actor_with
        from headway.core import commanding

        commanding.find_by(actor_with)
