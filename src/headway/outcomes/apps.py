from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "headway.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.core.named import Named
        from headway.detection.equal_treatment import sources
        from headway.outcomes import jobs, permissions, telling  # noqa: F401
        from headway.plans import appeals, elsewhere
        from headway.running import duty

        jobs.listen()
        telling.tell_outside()
        sources.register("outcomes", Named("headway.outcomes.treatment.people_with_outcomes"))
        duty.SOURCES.append(Named("headway.outcomes.doing.to_do"))
        elsewhere.FINDERS.append(Named("headway.outcomes.doing.outcome_page"))
        appeals.listen_to(
            Named("headway.outcomes.queries.deciders_of"), elsewhere=Named("headway.outcomes.queries.appealed_here")
        )
