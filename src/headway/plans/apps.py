from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "headway.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.core.named import Named
        from headway.core.permissions import Reach, resolve
        from headway.core.proof import proves
        from headway.detection.equal_treatment import sources
        from headway.plans import permissions, starting, telling  # noqa: F401
        from headway.plans.outlook import jobs as forecast_jobs
        from headway.plans.papers import jobs

        resolve(Reach.CASE, Named("headway.plans.queries.with_a_case"))
        jobs.listen()
        starting.listen()
        papers = Named("headway.plans.papers.freezing.count")
        proves("papers", Named("headway.plans.papers.freezing.first_broken"), papers=papers)
        proves("plans", Named("headway.plans.proving.first_broken"))
        telling.tell_outside()
        sources.register("plans", Named("headway.plans.treatment.people_with_plans"))
        forecast_jobs.listen()
