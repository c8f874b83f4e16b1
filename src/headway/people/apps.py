from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "headway.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.people import permissions  # noqa: F401
        from headway.people.queries import wire_reach

        wire_reach()
