from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "headway.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.plans import permissions, proving, starting, telling, treatment  # noqa: F401
        from headway.plans.outlook import jobs as forecast_jobs
        from headway.plans.papers import jobs
        from headway.plans.queries import wire_cases

        wire_cases()
        jobs.listen()
        starting.listen()
        proving.register()
        telling.tell_outside()
        treatment.register()
        forecast_jobs.listen()
