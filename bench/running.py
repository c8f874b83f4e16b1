"""Running plans at size: server time and queries per page, the nightly refresh, and many people saving at once.

    python -m bench.running --reps 1000 --open 300 --closed 2000 --refresh 1000

Makes a company of so many reps (`bench.load`), walks one plan by the real actions from the draft through eight weeks,
ends another, and copies their rows for the others, so that each has the check-ins, entries, measurements and looks of a
real one. Pages: the median and the slowest of nine, in process, after one warm-up, beside the sign-in page of the same
run. `--refresh N`: seconds to measure N running plans and to tell people what is new. `--saving`: fifty people save
check-ins at once from two processes (tests/running/test_trouble.py holds it), seconds per save.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

WEEKS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=1000)
    parser.add_argument("--open", type=int, default=300)
    parser.add_argument("--closed", type=int, default=2000)
    parser.add_argument("--refresh", type=int, default=1000)
    parser.add_argument("--home", help="reuse this home instead of making one")
    args = parser.parse_args()
    os.environ["HEADWAY_HOME"] = args.home or tempfile.mkdtemp(prefix="headway-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    from bench.pages import _prepare

    _prepare(Path(os.environ["HEADWAY_HOME"]), args.reps)
    from headway.core import clock
    from headway.plans.models import Plan

    with clock.at(_now()):
        if not Plan.objects.exists():
            start = time.perf_counter()
            _fill(args.open, args.closed)
            print(f"plans     {time.perf_counter() - start:8.1f} s for {args.open} open and {args.closed} closed")
        _pages()
        _nightly(args.refresh)


def _now() -> datetime:
    """Nine in the morning, UTC, of the day after the newest analysis."""
    from datetime import UTC

    from headway.metrics.queries import latest_run

    run = latest_run()
    assert run is not None
    day = run.as_of + timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def _fill(running: int, closed: int) -> None:
    from headway.people.models import Person

    reps = list(Person.objects.filter(role="rep", manager__isnull=False).select_related("manager").order_by("pk"))
    open_one, closed_one = _stories(reps[:2])
    _copies(open_one, [reps[2 + n % (len(reps) - 2)] for n in range(running - 1)])
    _copies(closed_one, [reps[2 + n % (len(reps) - 2)] for n in range(closed - 1)])


def _stories(reps: Sequence[Any]) -> tuple[Any, Any]:
    """One plan in its eighth week, and one that was judged and looked after, by the real actions."""
    from headway.core import clock
    from headway.core.actors import SYSTEM
    from headway.demo.cast import account, at
    from headway.demo.outcomes_story import _End
    from headway.demo.running_story import _Story
    from headway.outcomes.states import Outcome
    from headway.people.actions import give_access
    from headway.plans import actions
    from headway.plans.sources import bases_of_facts, draft_for
    from headway.plans.states import PlanKind
    from headway.running.refreshing import refresh

    give_access(email="hr@plans.example", name="Hanne Dijkstra", role="hr", by=SYSTEM)
    today = clock.today()
    found = []
    for rep, weeks_ago in ((reps[0], WEEKS), (reps[1], 20)):
        begin = today - timedelta(weeks=weeks_ago, days=today.weekday() + 7)
        basis, _day = bases_of_facts([rep.pk], as_of=begin)
        person, manager = account(rep.name), account(rep.manager.name)
        with clock.at(at(begin.isoformat())):
            made = draft_for(SYSTEM, rep, basis[rep.pk], as_of=begin, days=90, kind=PlanKind.GROWTH)
            plan = actions.draft_plan(person_id=rep.pk, draft=made, run_id=None, kind=PlanKind.GROWTH, by=manager)
            actions.share_plan(plan=plan, by=manager)
            plan = actions.present_plan(plan=plan, held_on=begin, by=manager)
            version = plan.versions.filter(kind="presented").last()
            assert version is not None
            typed = actions.SignatureTyped(person.name, True, version.content_hash)
            plan = actions.acknowledge_plan(plan=plan, typed=typed, by=person)
        with clock.at(at(plan.start_on.isoformat(), 7)):
            plan = actions.start_plan(plan=plan, by=SYSTEM)
        found.append((plan, person, manager))
    (running, rep, manager), (ended, other, leads) = found
    _Story(running, rep, manager, lively=False).write()
    for week in range(WEEKS, -1, -1):
        with clock.at(clock.now() - timedelta(weeks=week)):
            refresh(by=SYSTEM)
    end = _End(ended, other, leads)
    end.support(1)
    with clock.at(at(end.day(1), 10)):
        from headway.outcomes import actions as outcome_actions

        made_evaluation = end.prepared()
        chosen = outcome_actions.OutcomeChosen(Outcome.MET, "It holds.", made_evaluation.prepared_hash)
        proposed = outcome_actions.propose_outcome(evaluation=made_evaluation, chosen=chosen, by=leads)
    with clock.at(at(end.day(3), 10)):
        answered = outcome_actions.answer_outcome(evaluation=proposed, words="Thank you.", by=other)
        outcome_actions.end_plan(evaluation=answered, by=SYSTEM)
        outcome_actions.plan_follow_ups(evaluation=answered, by=SYSTEM)
    return running, ended


def _copies(plan: Any, people: Sequence[Any]) -> None:
    """The plan's rows again for each person: the plan itself, then everything that belongs to it."""
    from headway.plans.models import Plan

    plan = Plan.objects.get(pk=plan.pk)
    plans = [_copy(plan, person_id=one.pk, manager_id=one.manager_id) for one in people]
    plans = Plan.objects.bulk_create(plans, batch_size=200)
    related = [one for one in Plan._meta.related_objects if one.one_to_many or one.one_to_one]
    for relation in related:
        model, field = relation.related_model, relation.field.attname
        rows = list(model._default_manager.filter(**{field: plan.pk}))  # type: ignore[union-attr]
        if rows and model.__name__ not in {"Paper", "Forecast", "Notice", "Amendment", "HalfDay"}:  # type: ignore[union-attr]
            copies = _again(plans, rows, field)
            model._default_manager.bulk_create(copies, batch_size=500)  # type: ignore[union-attr]


def _again(plans: Sequence[Any], rows: Sequence[Any], field: str) -> Iterator[Any]:
    for plan in plans:
        for row in rows:
            changed = {field: plan.pk}
            if hasattr(row, "check_in_id"):
                changed["check_in_id"] = None
            yield _copy(row, **changed)


def _copy(row: Any, **changed: Any) -> Any:
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    return type(row)(**{**values, **changed})


def _pages() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"{'page':<34}{'role':<9}{'median ms':>10}{'slowest':>9}{'queries':>9}{'KB':>7}")
    for role, path, client in _visits(Client):
        client.get(path)
        times = []
        for _turn in range(9):
            start = time.perf_counter()
            answer = client.get(path)
            times.append((time.perf_counter() - start) * 1000)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        row = f"{statistics.median(times):>10.0f}{max(times):>9.0f}{len(asked):>9}{len(answer.content) / 1024:>7.0f}"
        print(f"{path:<34}{role:<9}{row}{'' if answer.status_code == 200 else '  ' + str(answer.status_code)}")


def _visits(make_client: Any) -> Iterator[tuple[str, str, Any]]:
    from headway.core.actors import SYSTEM
    from headway.people.actions import give_access
    from headway.people.models import Person, User
    from headway.plans.models import Plan

    running = Plan.objects.filter(state="active").select_related("person", "manager").earliest("pk")
    ended = Plan.objects.filter(state="closed").earliest("pk")
    one = f"/plans/{running.pk}"
    meeting = running.meetings.filter(state="planned").earliest("number").number
    pages = [f"{one}/progress/", f"{one}/check-ins/{meeting}/", f"{one}/ledger/", f"{one}/coaching/", f"{one}/change/"]
    leader = Person.objects.get(pk="l0")
    who: dict[str, tuple[Any, list[str]]] = {
        "rep": (running.person, ["/", *pages, "/check-ins/", "/outcomes/", "/mail/"]),
        "manager": (
            running.manager,
            ["/", *pages, f"/plans/{ended.pk}/outcome/", "/check-ins/", "/promises/", "/outcomes/"],
        ),
        "leader": (leader, ["/", "/check-ins/", "/outcomes/", "/outcomes/portfolio/", "/outcomes/lessons/"]),
        "hr": (None, ["/", "/plans/", "/outcomes/", "/outcomes/portfolio/", "/outcomes/lessons/"]),
    }
    yield "nobody", "/sign-in/", make_client()
    for role, (person, paths) in who.items():
        user = User.objects.filter(person=person).first() if person else None
        user = (
            user
            or give_access(
                email=f"{role}@plans-bench.example", role=role, person_id=person.pk if person else None, by=SYSTEM
            ).user
        )
        client = make_client()
        client.force_login(user)
        for path in paths:
            yield role, path, client


def _nightly(wanted: int) -> None:
    """The round of the day over so many running plans, as the worker makes it."""
    from headway.core.actors import SYSTEM
    from headway.people.models import Person
    from headway.plans.models import Plan
    from headway.running.models import GoalSnapshot
    from headway.running.refreshing import refresh
    from headway.running.reminding import remind

    there = Plan.objects.filter(state="active")
    more = wanted - there.count()
    if more > 0:
        reps = list(Person.objects.filter(role="rep", manager__isnull=False).order_by("pk"))
        _copies(there.earliest("pk"), [reps[n % len(reps)] for n in range(more)])
    newest = GoalSnapshot.objects.latest("as_of").as_of
    GoalSnapshot.objects.filter(as_of=newest).delete()  # as on the morning before they are measured
    for name, round_ in (("refresh", refresh), ("remind", remind)):
        start, cpu = time.perf_counter(), time.process_time()
        count = round_(by=SYSTEM)
        words = f"{time.perf_counter() - start:8.1f} s ({time.process_time() - cpu:.1f} s of processor)"
        print(f"{name:<10}{words} over {there.count()} running plans, {count} new")


if __name__ == "__main__":
    main()
