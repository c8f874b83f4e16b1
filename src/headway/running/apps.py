from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "headway.running"
    label = "running"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headway.plans import simulating
        from headway.plans.papers import invitations
        from headway.running import calendar, jobs, permissions, plan_steps, telling  # noqa: F401
        from headway.running.simulation import simulate

        jobs.listen()
        telling.tell_outside()
        plan_steps.register()
        invitations.ask_first(calendar.meetings)
        simulating.SIMULATORS.append(simulate)
