from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "headway.running"
    label = "running"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.core.named import Named
        from headway.plans import simulating
        from headway.plans.papers import invitations
        from headway.running import duty, jobs, permissions, telling  # noqa: F401

        jobs.listen()
        telling.tell_outside()
        duty.SOURCES.append(Named("headway.running.plan_steps.to_do"))
        invitations.ask_first(Named("headway.running.calendar.meetings"))
        simulating.SIMULATORS.append(Named("headway.running.effects.simulate"))
