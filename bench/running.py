"""Running plans at size: server time and queries per page, and the nightly refresh.

    python -m bench.running --reps 1000 --open 300 --closed 2000 --refresh 1000

Grows the demo company: more people in its teams with copies of the analysis' findings, and copies of one plan that runs
(check-ins, both sides, measurements of seven weeks) and of one that was judged and looked after. Pages: milliseconds
of processor time (SQLite works in the same process), the median and the slowest of five after one warm-up, beside the
sign-in page of the same run. `--refresh N`: the round of the night over N running plans, in seconds; the facts are
those of the demo company, so there is no verdict on people who were copied. That fifty people can
save check-ins at once is held by tests/running/test_trouble.py, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any

# Papers have files, the others names that are theirs alone.
TEAM = 10
LEFT_OUT = frozenset({"Paper", "Forecast", "Notice", "Amendment", "HalfDay"})


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
    from headway.cli.serving import prepare
    from headway.demo.start import make_demo
    from headway.people.models import Person
    from headway.plans.models import Plan

    prepare()
    make_demo(say=print)
    if Plan.objects.count() < args.open:
        start = time.perf_counter()
        _fill(args.reps, args.open, args.closed)
        print(f"made in {time.perf_counter() - start:.0f} s")
    people, plans = Person.objects.filter(role="rep").count(), Plan.objects.count()
    print(f"{people} reps, {plans} plans, {Plan.objects.filter(state='closed').count()} of them closed")
    _reckoned()
    _pages()
    _nightly(args.refresh)


def _reckoned() -> None:
    """What the nightly round keeps for figures over many plans."""
    from headway.core.actors import SYSTEM
    from headway.outcomes.figures import refresh

    start = time.process_time()
    count = refresh(by=SYSTEM)
    print(f"figures over plans: {count} in {time.process_time() - start:.1f} s of processor")


def _fill(reps: int, running: int, closed: int) -> None:
    """The demo company grown: more people in its teams with the findings of those who are there, and their plans."""
    from headway.detection.models import SignalRecord
    from headway.metrics.queries import latest_run
    from headway.people.models import Person
    from headway.plans.models import Plan

    run = latest_run()
    there = list(Person.objects.filter(role="rep", manager__isnull=False, listed=True).order_by("pk"))
    signals = {row.person_id: row for row in SignalRecord.objects.filter(run=run)}
    some = [one for one in there if one.pk in signals]
    wanted = range(max(0, reps - len(there)))
    leader = _running().manager.manager
    managers = Person.objects.bulk_create(
        Person(pk=f"BM{n:04d}", name=f"Manager {n}", role="manager", manager=leader, team=f"Team {n}")
        for n in range(1 + len(wanted) // TEAM)
    )
    new = [
        _copy(some[n % len(some)], key=f"B{n:05d}", name=f"Rep {n}", email=f"b{n}@bench.example",
              team=f"Team {n // TEAM}", manager_id=managers[n // TEAM].pk)
        for n in wanted
    ]  # fmt: skip
    new = Person.objects.bulk_create(new, batch_size=500)
    SignalRecord.objects.bulk_create(
        [_copy(signals[some[n % len(some)].pk], person_id=one.pk) for n, one in enumerate(new)], batch_size=200
    )
    ended = Plan.objects.filter(state="closed", follow_ups__isnull=False).earliest("pk")
    _copies(_running(), [new[n % len(new)] for n in range(running - 1)])
    _copies(ended, [new[n % len(new)] for n in range(closed - 1)])


def _running() -> Any:
    from headway.plans.models import Plan

    return Plan.objects.filter(state="active").select_related("person", "manager").earliest("pk")


def _copies(plan: Any, people: Sequence[Any]) -> None:
    """The plan again for each person, with everything that belongs to it: copied by the database itself."""
    from django.db import connection
    from django.db.models import OuterRef, Subquery

    from headway.plans.models import Plan, PlanPromise

    plan = Plan.objects.select_related("manager").get(pk=plan.pk)
    last = Plan.objects.latest("pk").pk
    Plan.objects.bulk_create([_copy(plan, person_id=one.pk, manager_id=one.manager_id) for one in people])
    for relation in Plan._meta.related_objects:
        model, field = relation.related_model, relation.field
        if not (relation.one_to_many or relation.one_to_one) or model.__name__ in LEFT_OUT:
            continue
        columns = [one.column for one in model._meta.concrete_fields if not one.primary_key and one is not field]
        taken = ", ".join("NULL" if one == "check_in_id" else f't."{one}"' for one in columns)
        names = ", ".join(f'"{one}"' for one in columns)
        table, plans = model._meta.db_table, Plan._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ("{field.column}", {names}) SELECT p.id, {taken} FROM "{table}" t, "{plans}" p '
                f'WHERE t."{field.column}" = %s AND p.id > %s',
                [plan.pk, last],
            )
    theirs = Plan.objects.filter(pk=OuterRef("plan_id")).values("manager__name")[:1]
    PlanPromise.objects.filter(plan_id__gt=last, owner=plan.manager.name).update(owner=Subquery(theirs))


def _copy(row: Any, key: Any = None, **changed: Any) -> Any:
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    return type(row)(pk=key, **{**values, **changed})


def _pages() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"{'page':<34}{'role':<9}{'median ms':>10}{'slowest':>9}{'queries':>9}{'KB':>7}")
    for role, path, client in _visits(Client):
        client.get(path)
        times = []
        for _turn in range(5):
            start = time.process_time()
            answer = client.get(path)
            times.append((time.process_time() - start) * 1000)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        row = f"{statistics.median(times):>10.0f}{max(times):>9.0f}{len(asked):>9}{len(answer.content) / 1024:>7.0f}"
        print(f"{path:<34}{role:<9}{row}{'' if answer.status_code == 200 else '  ' + str(answer.status_code)}")


def _visits(make_client: Any) -> Iterator[tuple[str, str, Any]]:
    from headway.core.actors import SYSTEM
    from headway.people.actions import give_access
    from headway.people.models import User
    from headway.plans.models import Plan

    running = _running()
    ended = Plan.objects.filter(state="closed", manager=running.manager).earliest("pk")
    one = f"/plans/{running.pk}"
    meeting = running.meetings.filter(state="planned").earliest("number").number
    pages = [f"{one}/progress/", f"{one}/check-ins/{meeting}/", f"{one}/ledger/", f"{one}/coaching/", f"{one}/change/"]
    leader = running.manager.manager
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
    from headway.outcomes.figures import refresh as reckon
    from headway.outcomes.looking import look_at_running
    from headway.people.models import Person
    from headway.plans.models import Plan
    from headway.running.jobs import put_in_line
    from headway.running.models import GoalSnapshot
    from headway.running.refreshing import refresh
    from headway.running.reminding import remind

    there = Plan.objects.filter(state="active")
    more = wanted - there.count()
    if more > 0:
        reps = list(Person.objects.filter(role="rep", manager__isnull=False, plans__isnull=False).order_by("pk"))
        _copies(_running(), [reps[n % len(reps)] for n in range(more)])
    newest = GoalSnapshot.objects.latest("as_of").as_of
    GoalSnapshot.objects.filter(as_of=newest).delete()  # as on the morning before they are measured
    rounds = (
        ("calendar", lambda **_by: put_in_line()),
        ("refresh", refresh),
        ("remind", remind),
        ("figures", reckon),
        ("verdicts", look_at_running),
    )
    for name, round_ in rounds:
        start, cpu = time.perf_counter(), time.process_time()
        count = round_(by=SYSTEM) or 0
        words = f"{time.perf_counter() - start:8.1f} s ({time.process_time() - cpu:.1f} s of processor)"
        print(f"{name:<10}{words} over {there.count()} running plans, {count} new")


if __name__ == "__main__":
    main()
