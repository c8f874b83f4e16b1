from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "headway.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.outcomes import doing, jobs, permissions, telling, treatment  # noqa: F401
        from headway.outcomes.queries import appealed_here, deciders_of
        from headway.plans import appeals

        jobs.listen()
        telling.tell_outside()
        treatment.register()
        doing.register()
        appeals.listen_to(deciders_of, elsewhere=appealed_here)
