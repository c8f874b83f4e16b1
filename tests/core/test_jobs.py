from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from headway.core.jobs import later, work

# The queue closes connections between jobs, which a test inside a transaction could not survive.
pytestmark = pytest.mark.django_db(transaction=True)
DONE: list[str] = []


def note(word: str) -> None:
    DONE.append(word)


def fail() -> None:
    raise ValueError("no such thing")


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


def test_waiting_jobs_are_done_in_order_and_once() -> None:
    for word in ("one", "two"):
        async_task("tests.core.test_jobs.note", word)
    assert work(once=True) == 2
    assert work(once=True) == 0
    assert DONE == ["one", "two"]
    assert OrmQ.objects.count() == 0


def test_a_job_that_fails_is_kept_with_its_reason_and_the_next_one_is_done() -> None:
    async_task("tests.core.test_jobs.fail")
    async_task("tests.core.test_jobs.note", "after")
    work(once=True)
    assert DONE == ["after"]
    failed = Task.objects.get(success=False)
    assert "no such thing" in failed.result


def test_what_a_killed_worker_had_begun_is_taken_up_again() -> None:
    async_task("tests.core.test_jobs.note", "begun")
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))  # as a worker leaves it that took it and died
    assert work(once=True) == 1
    assert DONE == ["begun"]


def test_the_worker_stops_when_it_is_asked_to() -> None:
    async_task("tests.core.test_jobs.note", "left")
    assert work(stopped=lambda: True) == 0
    assert OrmQ.objects.count() == 1


def test_a_job_that_waits_already_is_not_asked_for_twice() -> None:
    later("tests.core.test_jobs.note_once", name="note")
    later("tests.core.test_jobs.note_once", name="note")
    assert OrmQ.objects.count() == 1
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))  # begun: what comes now it may not see any more
    later("tests.core.test_jobs.note_once", name="note")
    assert OrmQ.objects.count() == 2


def note_once() -> None:
    DONE.append("once")
