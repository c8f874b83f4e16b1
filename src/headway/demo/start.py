"""The demo company, made and ready to sign in to. Running it again changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core import company as settings
from headway.core.actors import SYSTEM, Role
from headway.core.errors import Conflict
from headway.demo.cast import PASSWORD
from headway.facts.models import FactVersion
from headway.metrics.models import AnalysisRun
from headway.people.actions import change_company, give_access, set_demo_day
from headway.people.company import CompanyChange
from headway.people.models import User

if TYPE_CHECKING:
    from headway.demo.company import DemoCompany

SHOWN = (Role.MANAGER, Role.REP, Role.LEADER, Role.HR, Role.REVOPS, Role.ADMIN)


@dataclass(frozen=True)
class DemoSignIn:
    """One way into the demo company."""

    name: str
    role: str
    email: str
    password: str = PASSWORD


def make_demo(*, say: Callable[[str], None]) -> tuple[DemoSignIn, ...]:
    """Generate, load and analyse the demo company unless that was done before.

    Raises:
        Conflict: the home holds a real company's facts; a demo must not be mixed with them.
    """
    if _is_there():
        return tuple(_known(role) for role in SHOWN)
    # The engines are read only where there is something to make: a second start is quick.
    from headway.demo.company import write
    from headway.diagnosis.analysis import analyse
    from headway.facts.load import commit_load, plan_load
    from headway.plans.outlook.reaches import keep_for_run

    if FactVersion.objects.exists():
        raise Conflict(
            "This home holds a company's own data; the demo would mix with it",
            todo="Set HEADWAY_HOME to an empty folder and try again.",
        )
    with tempfile.TemporaryDirectory(prefix="headway-demo-") as folder:
        say("Inventing the demo company: people, leads, deals, two years of them ...")
        demo = write(Path(folder))
        _settings(demo)
        say("Loading its CRM data ...")
        commit_load(plan_load([Path(folder)]), by=SYSTEM)
    say("Reading who needs help, and who only had bad luck ...")
    run = analyse(by=SYSTEM)
    # the worker does this after a load; in the demo nobody shall wait for it when the first plan is started
    keep_for_run(run)
    _accounts(demo)
    tell_stories(say=say)
    return tuple(_known(role) for role in SHOWN)


def tell_stories(*, say: Callable[[str], None]) -> None:
    """What people did before the demo company's day, told by the real actions, in the order in which it happened."""
    from headway.demo import outcomes_story, plans_story, practice_story, running_story

    practice_story.tell(say=say)
    plans_story.tell(say=say)
    outcomes_story.tell(say=say)  # last year's plans end before this year's are told
    running_story.tell(say=say)


def _is_there() -> bool:
    return (
        settings.current().is_demo
        and User.objects.filter(role=Role.ADMIN).exists()
        and AnalysisRun.objects.filter(finished_at__isnull=False).exists()
    )


def _settings(demo: DemoCompany) -> None:
    change = CompanyChange.from_texts(name=demo.name, currency=demo.currency, time_zone=demo.time_zone)
    change_company(change=change, is_demo=True, by=SYSTEM)
    set_demo_day(day=demo.as_of + timedelta(days=1), by=SYSTEM)


def _accounts(demo: DemoCompany) -> None:
    """One account per role; the others of the company can be invited by the administrator."""
    for role in SHOWN:
        who = demo.sign_in(role)
        give_access(
            email=who.email, name=who.name, role=who.role, person_id=who.person_id, password=PASSWORD, by=SYSTEM
        )


def _known(role: Role) -> DemoSignIn:
    user = User.objects.filter(role=role, is_active=True).order_by("pk").first()
    if user is None:
        raise Conflict("The demo company is incomplete", todo="Remove its home folder and run `make demo` again.")
    return DemoSignIn(user.name, user.role, user.email)
