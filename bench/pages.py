"""How long the server takes for each page, and how many queries it needs, with many people loaded.

    python -m bench.pages --reps 1000

Makes facts of so many people (see `bench.load`), loads and analyses them in a home of its own, then asks each page
through Django's test client, in process, after one warm-up. Prints the median and the slowest of nine, the queries, and
the bytes of the page; and, as a rule of thumb of the same run, a page that shows nothing (sign-in).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=1000)
    parser.add_argument("--home", help="reuse this home instead of making one")
    args = parser.parse_args()
    home = args.home or tempfile.mkdtemp(prefix="headway-bench-")
    os.environ["HEADWAY_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    _prepare(Path(home), args.reps)
    _measure()


def _prepare(home: Path, reps: int) -> None:
    from headway.cli.serving import prepare
    from headway.core.actors import SYSTEM
    from headway.diagnosis.analysis import analyse
    from headway.facts.load import commit_load, plan_load
    from headway.metrics.models import AnalysisRun

    prepare()
    if AnalysisRun.objects.exists():
        return
    from bench.load import make_company

    folder = home / "bench-facts"
    folder.mkdir(parents=True, exist_ok=True)
    make_company(folder, reps)
    start = time.perf_counter()
    commit_load(plan_load([folder]), by=SYSTEM)
    print(f"load      {time.perf_counter() - start:8.1f} s for {reps} reps")
    start = time.perf_counter()
    analyse(by=SYSTEM)
    print(f"analysis  {time.perf_counter() - start:8.1f} s")


def _measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"{'page':<42}{'role':<10}{'median ms':>10}{'slowest':>9}{'queries':>9}{'KB':>7}")
    for role, path, client in _visits(Client):
        client.get(path)
        times = []
        for _ in range(9):
            start = time.perf_counter()
            answer = client.get(path)
            times.append((time.perf_counter() - start) * 1000)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        size = len(answer.content) / 1024
        row = f"{statistics.median(times):>10.0f}{max(times):>9.0f}{len(asked):>9}{size:>7.0f}"
        print(f"{path[:40]:<42}{role:<10}{row}{'' if answer.status_code == 200 else '  ' + str(answer.status_code)}")


def _visits(make_client):  # type: ignore[no-untyped-def]
    from headway.core.actors import SYSTEM
    from headway.people.actions import give_access
    from headway.people.models import Person

    rep = Person.objects.filter(role="rep", manager__isnull=False).order_by("pk").first()
    manager = rep.manager
    leader = manager.manager or Person.objects.filter(role="leader").first()
    who = {
        "manager": ("manager", manager.pk, ["/", "/team/", f"/people/{rep.pk}/", f"/people/{rep.pk}/deals/", "/plans/",
                                            "/metrics/", "/metrics/win_rate/"]),
        "leader": ("leader", leader.pk if leader else None, ["/", "/team/", "/overview/"]),
        "rep": ("rep", rep.pk, ["/", "/metrics/"]),
        "hr": ("hr", None, ["/", "/audit/", "/overview/"]),
        "revops": ("revops", None, ["/data/", "/data/load/", "/overview/", "/company/"]),
    }  # fmt: skip
    anonymous = make_client()
    yield "nobody", "/sign-in/", anonymous
    for role, (as_role, person_id, paths) in who.items():
        user = give_access(email=f"{role}@bench.example", role=as_role, person_id=person_id, by=SYSTEM).user
        client = make_client()
        client.force_login(user)
        for path in paths:
            yield role, path, client


if __name__ == "__main__":
    main()
