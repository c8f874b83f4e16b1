"""How long the pages of figures take beside a bare page of fifty rows, with 1,000 and with 10,000 people.

    python -m bench.figures [--reps 1000 10000]

Makes a company of so many reps with a few facts each (what the pages take depends on people, not on facts), loads it,
keeps its figures, and asks each page through Django's test client, in process, after one warm-up. The bare page has the
same frame and a table of fifty rows of eight texts, asks for nothing, and is asked in turn with the other. Prints the
median of twenty in milliseconds of the processor, its ratio to the bare page, and the queries. Rows that were written
before are kept in the process; "each for the first time" asks for another page of people every time, which wants 1,100
people or more; "everybody's" asks for another person every time.

Then, for three hundred people at random: one rep's last 13 weeks of all metrics with comparable reps (`weeks_of`),
beside nothing but the selects of the same rows with the same driver: median and the time that 95 of 100 stay below.
Without DATABASE_URL that is SQLite; with it, an empty PostgreSQL database.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

AS_OF = date(2026, 5, 17)
ROUNDS = 20
BARE = """{% extends "web/base.html" %}{% block content %}<h1>Rows</h1><table class="table">{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endblock %}"""

urlpatterns: list[object] = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--step", choices=["prepare", "ask"], help=argparse.SUPPRESS)
    parser.add_argument("--home", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        _step(args.step, Path(args.home), args.reps[0])
        return
    print(f"{'people':>8}  {'page':<56}{'ms':>10}{'x bare':>8}{'queries':>9}", flush=True)
    for reps in args.reps:
        with tempfile.TemporaryDirectory(prefix="headway-bench-") as home:
            # What is asked is asked in a process that has done nothing else, as a server is.
            for step in ("prepare", "ask"):
                words = [sys.executable, "-m", "bench.figures", "--step", step, "--home", home, "--reps", str(reps)]
                subprocess.run(words, check=True)


def _step(step: str, home: Path, reps: int) -> None:
    os.environ["HEADWAY_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    _prepare(home, reps) if step == "prepare" else _ask(reps)


def _prepare(home: Path, reps: int) -> None:
    from headway.cli.serving import prepare
    from headway.core import company
    from headway.core.actors import SYSTEM
    from headway.facts.load import commit_load, plan_load
    from headway.facts.store import open_facts
    from headway.metrics.actions import store_figures
    from headway.metrics.cube.book import figure_book
    from headway.metrics.models import AnalysisRun

    prepare()
    facts = home / "bench-facts"
    facts.mkdir()
    _write(facts, reps)
    commit_load(plan_load([facts]), by=SYSTEM)
    with open_facts(as_of=AS_OF) as opened:
        book = figure_book(opened, calendar=company.current())
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="0", policy_version="0", metrics_version="0",
        finished_at="2026-05-17T00:00Z",
    )  # fmt: skip
    store_figures(run=run, book=book, by=SYSTEM)


def _write(folder: Path, reps: int) -> None:
    chance = random.Random(7)
    teams = max(1, reps // 10)
    people = ["person_id,name,role,manager_id,team,segment,hired_on", "l0,Leader,leader,,,,2019-01-01"]
    people += [f"m{i},Manager {i},manager,l0,Team {i},mid,2019-01-01" for i in range(teams)]
    people += [f"p{i},Rep {i},rep,m{i // 10 % teams},Team {i // 10 % teams},mid,2023-01-01" for i in range(reps)]
    (folder / "people.csv").write_text("\n".join(people))
    calls, deals = (
        ["activity_id,person_id,kind,occurred_at,logged_at"],
        ["opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,currency"],
    )
    for i in range(reps):
        for n in range(20):
            day = AS_OF - timedelta(days=chance.randrange(120))
            calls.append(f"a{i}-{n},p{i},{chance.choice(('call', 'email', 'meeting'))},{day},{day}")
        for n in range(12):
            day = AS_OF - timedelta(days=chance.randrange(30, 150))
            outcome = chance.choice(("won", "lost", "open"))
            closed = "" if outcome == "open" else day + timedelta(days=20)
            deals.append(f"o{i}-{n},p{i},{day},proposal,{outcome},{closed},{chance.randrange(1000, 9000)},EUR")
    (folder / "activities.csv").write_text("\n".join(calls))
    (folder / "opportunities.csv").write_text("\n".join(deals))


def _ask(reps: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.urls import path

    from headway.config.urls import urlpatterns as ours
    from headway.core.actors import SYSTEM
    from headway.people.actions import give_access

    template = engines["django"].from_string(BARE)
    rows = [[f"Rep {i}", *(f"figure {i} {n}" for n in range(7))] for i in range(50)]

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({"rows": rows}, request))

    urlpatterns[:] = [path("bare/", bare), *ours]
    settings.DEBUG = False
    people = {"leader": "l0", "manager": "m0", "revops": None}
    clients = {}
    for role, person in people.items():
        clients[role] = Client()
        user = give_access(email=f"{role}@bench.example", role=role, person_id=person, by=SYSTEM).user
        clients[role].force_login(user)
    pages = [
        ("leader", "/bare/"), ("leader", "/figures/"), ("leader", "/figures/?family=activity&page=3"),
        ("leader", "/figures/?team=Team+3"), ("manager", "/figures/map/"), ("revops", "/figures/"),
        ("revops", "/figures/?period=week&beside=past"), ("revops", "/figures/?family=funnel&page={n}"),
        ("revops", "/figures/?family=results&page={n}"), ("revops", "/figures/?family=activity&page={n}"),
        ("manager", "/people/p3/metrics/"), ("manager", "/people/p3/metrics/?family=activity"),
        ("leader", "/people/p{n}/metrics/?family=activity"), ("manager", "/people/p3/metrics/activities/"),
    ]  # fmt: skip
    with override_settings(ROOT_URLCONF=__name__):
        for role, page in pages:
            client, taken, floor = clients[role], [], []
            # The page of a number that isn't asked again below.
            assert client.get(page.format(n=ROUNDS + 1)).status_code == 200, page
            for n in range(ROUNDS):
                # The bare page in turn with the other: whatever else the machine does, it does to both.
                floor.append(_cpu(partial(client.get, "/bare/")))
                taken.append(_cpu(partial(client.get, page.format(n=n + 1))))
            with CaptureQueriesContext(connection) as asked:
                client.get(page.format(n=ROUNDS + 2))
            median, bare_median = statistics.median(taken), statistics.median(floor)
            name = page.replace("&page={n}", ", each for the first time").replace("p{n}", "everybody’s")
            print(
                f"{reps:>8}  {f'{role} {name}':<56}{median:>10.1f}{median / bare_median:>8.2f}{len(asked):>9}",
                flush=True,
            )
    _weeks(reps)


def _cpu(ask: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    start = time.process_time()
    ask()
    return (time.process_time() - start) * 1000


def _weeks(reps: int) -> None:
    from django.db import connection

    from headway.core.actors import SYSTEM
    from headway.metrics.queries import weeks_of

    first = AS_OF - timedelta(days=6 + 7 * 12)  # AS_OF is a Sunday

    def select(person: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM metrics_repweek WHERE person_id = %s AND start >= %s", [person, first])
            cursor.fetchall()
            cursor.execute("SELECT * FROM metrics_peer WHERE segment IN ('', 'mid') AND start >= %s", [first])
            cursor.fetchall()

    def read(person: str) -> None:
        found = weeks_of(SYSTEM, person)
        assert found is not None
        assert len(found.weeks) == 13

    chance = random.Random(3)
    people = [f"p{chance.randrange(reps)}" for _ in range(300)]
    floor = 0.0
    for name, way in (("selects of the same rows", select), (f"weeks_of on {connection.vendor}", read)):
        way(people[0])
        taken = []
        for person in people:
            start = time.perf_counter()
            way(person)
            taken.append((time.perf_counter() - start) * 1000)
        median, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        floor = floor or median
        print(f"{reps:>8}  {name:<56}{median:>10.3f}{median / floor:>8.2f}   95 of 100 below {slow:.3f}", flush=True)


if __name__ == "__main__":
    main()
