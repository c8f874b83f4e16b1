from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "headway.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.facts import listening, permissions  # noqa: F401
        from headway.facts.connectors import jobs
        from headway.facts.warehouse import daily

        listening.listen()
        jobs.listen()
        daily.listen()
