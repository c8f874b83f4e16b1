"""Processes of their own for test_at_once: `python -m tests.plans.at_once STEP`, in a home of their own."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django_q.models import OrmQ  # noqa: E402

from headway.core import clock, jobs  # noqa: E402
from headway.core.models import Company  # noqa: E402
from headway.core.proof import prove  # noqa: E402
from headway.people.models import Person, User  # noqa: E402
from headway.plans.models import FrozenPaper, HrReview, Plan, PlanVersion, Signature, VersionKind  # noqa: E402
from headway.plans.papers import folder  # noqa: E402
from headway.plans.states import PlanState  # noqa: E402
from tests.plans import stories  # noqa: E402

ROUNDS = 2


@dataclass(frozen=True)
class Post:
    """What one person sends at the moment when another sends something else."""

    who: str
    address: str
    form: dict[str, str]
    words: str


def setup() -> None:
    """The records, and the people of tests/plans/conftest with a second HR."""
    call_command("migrate", verbosity=0)
    Company.objects.create(name="Alderwick", currency="EUR")
    leads: dict[str, str | None] = {"L1": None, "M1": "L1", "P7": "M1", "H1": None, "H2": None}
    names = {"L1": "Olav Berg", "M1": "Marta Lindqvist", "P7": "Jonas Weber", "H1": "Hanne Dijkstra", "H2": "Ida Holm"}
    roles = {"L1": "leader", "M1": "manager", "P7": "rep", "H1": "hr", "H2": "hr"}
    for pk, lead in leads.items():
        person = Person.objects.create(person_id=pk, name=names[pk], role=roles[pk], manager_id=lead)
        User.objects.create(email=f"{pk}@x.example", name=names[pk], role=roles[pk], person=person)


def people() -> dict[str, User]:
    """By role; the second HR as hr2."""
    found = {user.person_id: user for user in User.objects.select_related("person")}
    return {"leader": found["L1"], "manager": found["M1"], "rep": found["P7"], "hr": found["H1"], "hr2": found["H2"]}


def _plan_in(state: PlanState) -> Plan:
    Plan.objects.filter(state=PlanState.DRAFT).update(state=PlanState.DISCARDED)
    return stories.plan_in(state, people=people(), run=None)


def at_once(*posts: Post, moment: datetime) -> list[dict[str, Any]]:
    """Send everything at the same moment, each from a thread with its own connection; how each was answered."""
    users, gate = people(), threading.Barrier(len(posts))
    found: list[dict[str, Any]] = [{} for _post in posts]

    def send(number: int, post: Post, browser: Client) -> None:
        try:
            with clock.at(moment):
                gate.wait(timeout=30)
                answer = browser.post(post.address, post.form)
            page = answer.content.decode()
            found[number] = {
                "who": post.who,
                "status": answer.status_code,
                "shown_back": post.words in page,
                "page": page,
            }
        finally:
            connection.close()

    threads = []
    for number, post in enumerate(posts):
        browser = Client()
        browser.force_login(users[post.who])
        threads.append(threading.Thread(target=send, args=(number, post, browser)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def two_edits() -> dict[str, Any]:
    """Manager and leader change the same goal from the same version."""
    plan = _plan_in(PlanState.SHARED)
    goal = plan.goals.get(key="revenue")
    posts = [
        Post(who, f"/plans/{plan.pk}/goals/revenue/",
             {"text": f"Win €110,000 of new business by 28 August 2026, says the {who}.", "target": "110000",
              "by": goal.by.isoformat(), "version": str(goal.version), "do": "save"}, f"says the {who}.")
        for who in ("manager", "leader")
    ]  # fmt: skip
    found = at_once(*posts, moment=stories.on(stories.DAYS["share"], 12))
    goal.refresh_from_db()
    winner = next((one["who"] for one in found if one["status"] == 302), "")
    return {"answers": found, "kept": goal.text.endswith(f"says the {winner}."), "version": goal.version}


def two_signings() -> dict[str, Any]:
    """Jonas signs in two windows."""
    plan = _plan_in(PlanState.PRESENTED)
    version = plan.versions.get(kind=VersionKind.PRESENTED)
    posts = [
        Post("rep", f"/plans/{plan.pk}/sign/",
             {"name": "Jonas Weber", "consent": "on", "content_hash": version.content_hash, "do": "sign",
              "statement": f"Received in window {n}."}, f"Received in window {n}.")
        for n in (1, 2)
    ]  # fmt: skip
    found = at_once(*posts, moment=stories.on(stories.DAYS["sign"], 16))
    rows = Signature.objects.filter(plan_version__plan=plan)
    signed = PlanVersion.objects.filter(plan=plan, kind=VersionKind.SIGNED).count()
    return {"answers": found, "kept": (rows.count(), signed) == (1, 1)}


def two_decisions() -> dict[str, Any]:
    """One of HR approves while the other sends back."""
    plan = _plan_in(PlanState.HR_REVIEW)
    posts = [
        Post(who, f"/plans/{plan.pk}/review/",
             {"do": do, "reasons": f"Because of {who}.", "version": str(plan.version)}, f"Because of {who}.")
        for who, do in (("hr", "approve"), ("hr2", "return"))
    ]  # fmt: skip
    found = at_once(*posts, moment=stories.on(stories.DAYS["review"], 12))
    return {"answers": found, "kept": HrReview.objects.filter(plan=plan).count() == 1}


def withdrawn_while_approved() -> dict[str, Any]:
    """Marta withdraws the plan while HR approves it. Approved first, it is withdrawn after that: both count."""
    plan = _plan_in(PlanState.HR_REVIEW)
    found = at_once(
        Post("manager", f"/plans/{plan.pk}/withdraw/", {"reason": "Jonas moves on."}, "Jonas moves on."),
        Post("hr", f"/plans/{plan.pk}/review/", {"do": "approve", "reasons": "In line.", "version": str(plan.version)},
             "In line."),
        moment=stories.on(stories.DAYS["review"], 12),
    )  # fmt: skip
    plan.refresh_from_db()
    approved = HrReview.objects.filter(plan=plan, decision="approved").count()
    hr = found[1]["status"]
    return {"answers": found, "kept": plan.state == PlanState.WITHDRAWN and (hr == 302) == (approved == 1)}


RACES: dict[str, Callable[[], dict[str, Any]]] = {
    "edits": two_edits,
    "signings": two_signings,
    "decisions": two_decisions,
    "withdrawn": withdrawn_while_approved,
}


def race() -> dict[str, Any]:
    """Each race some times over; then whether the record still proves everything."""
    told = {name: [run() for _round in range(ROUNDS)] for name, run in RACES.items()}
    for rounds in told.values():
        for one in rounds:
            for answer in one["answers"]:
                page = str(answer.pop("page", ""))
                answer["said"] = [
                    words
                    for words in ("Somebody else has changed this", "was signed on", "has changed since you opened",
                                  "now, so this step is not open", "Traceback")
                    if words in page
                ]  # fmt: skip
    return {"races": told, "proof": prove().sentence}


def sign_and_die() -> None:
    """Jonas signs; the process is killed when half of the paper is on the disk."""
    plan = _plan_in(PlanState.ACKNOWLEDGED)
    print(plan.pk, flush=True)  # noqa: T201
    whole = folder.write

    def half(name: str, content: bytes) -> None:
        (folder.folder() / f".{name}.part").write_bytes(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    folder.write = half
    assert whole is not half
    from headway.plans.papers.jobs import freeze_what_is_due

    freeze_what_is_due()


def fill_the_disk() -> None:
    """Every paper that is due finds a full disk: what is written there goes to /dev/full. Only the worker's own round
    is left to make it, not the job that the signature asked for."""
    OrmQ.objects.all().delete()
    from headway.plans.papers.freezing import due

    for one in due():
        place = folder.folder() / f".{one.file}.part"
        place.unlink(missing_ok=True)
        place.symlink_to("/dev/full")


def recover() -> list[dict[str, Any]]:
    """The worker is started again, on the first day of the plans: once with the disk full, once with room on it."""
    fill_the_disk()
    return [_worked(), _worked()]


def _worked() -> dict[str, Any]:
    from headway.plans.papers.freezing import due

    with clock.at(stories.on(date(2026, 6, 1), 6)):
        jobs.work(once=True)
    return {
        "papers": FrozenPaper.objects.count(),
        "due": len(due()),
        "proof": prove().sentence,
        "state": Plan.objects.order_by("-pk").values_list("state", flat=True).first(),
        "rest": sorted(path.name for path in folder.folder().glob(".*")),
    }


if __name__ == "__main__":
    STEPS: dict[str, Callable[[], Any]] = {"setup": setup, "race": race, "die": sign_and_die, "recover": recover}
    print(json.dumps(STEPS[sys.argv[1]]()))  # noqa: T201
