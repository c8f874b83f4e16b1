"""The worker: takes waiting jobs one after the other, in this process.

django-q2 keeps the queue (rows, redelivered until acknowledged) and the results; its own cluster of processes is not
used. That cluster waits for ever when its guard process dies while starting, and nobody is told; one process that ends
where it breaks can be started again by whoever started it. Jobs are idempotent, so running one twice is harmless.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import Broker, get_broker
from django_q.models import OrmQ, Task
from django_q.monitor import save_task
from django_q.signing import SignedPackage
from django_q.tasks import async_task

log = logging.getLogger(__name__)
_REPEATED: dict[str, tuple[Callable[[], object], float]] = {}


def later(function: str, *, name: str) -> None:
    """Ask the worker for `function` (its dotted path, no arguments), unless it waits already.

    Such jobs bring things in line with what is there: one that has not begun will see everything that came meanwhile.
    A job that has begun is no reason to leave the next one out.
    """
    waiting = OrmQ.objects.filter(lock__lte=timezone.now())
    if not any(row.task.get("func") == function for row in waiting):
        async_task(function, task_name=name)


class Wait(StrEnum):
    """Where a job of a name is: not asked for, waiting for the worker, or taken up by it."""

    NONE = "none"
    QUEUED = "queued"
    BEGUN = "begun"


def waits(name: str) -> Wait:
    """Where the jobs of this name are."""
    found = [row for row in OrmQ.objects.all() if row.name() == name]
    if not found:
        return Wait.NONE
    # The lock of what was taken up lies in the future, until it would be handed out again.
    return Wait.BEGUN if any(row.lock > timezone.now() for row in found) else Wait.QUEUED


def last_error(name: str) -> str:
    """Why the last job of this name failed, without where; empty if it did not."""
    last = Task.objects.filter(name=name).order_by("-stopped").first()
    if last is None or last.success:
        return ""
    return str(last.result).partition(" : Traceback")[0].strip()


def every(seconds: float, function: Callable[[], object]) -> None:
    """Let the worker call `function` when it starts and then every so often: for what a killed process left open."""
    _REPEATED[f"{function.__module__}.{function.__qualname__}"] = (function, seconds)


def _repeat(last: dict[str, float]) -> None:
    for name, (function, seconds) in _REPEATED.items():
        if time.monotonic() < last.get(name, float("-inf")) + seconds:
            continue
        last[name] = time.monotonic()
        try:
            function()
        except Exception:  # the next turn tries again; the other jobs go on
            log.exception("%s failed", name)


def work(*, once: bool = False, stopped: Callable[[], bool] = lambda: False) -> int:
    """Do jobs until `stopped` says so, or (with `once`) until none waits. Returns how many were done.

    What an earlier worker had begun and not finished, because it was killed, is taken up again first. That is right for
    one worker per installation, which is what `headway serve` starts.
    """
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    broker, done, last = get_broker(), 0, dict[str, float]()
    while not stopped():
        _repeat(last)
        waiting = broker.dequeue()  # sleeps for the polling interval where nothing waits
        for number, package in waiting or ():
            _do(broker, number, SignedPackage.loads(package))
            done += 1
        if once and not waiting:
            break
    return done


def _do(broker: Broker, number: int, task: dict[str, Any]) -> None:
    task["started"] = timezone.now()
    try:
        function = task["func"] if callable(task["func"]) else import_string(task["func"])
        result, success = function(*task["args"], **task["kwargs"]), True
    except Exception as error:  # whatever a job raises is kept with it; the worker goes on
        result, success = f"{error} : {traceback.format_exc()}", False
    task.update(result=result, success=success, stopped=timezone.now())
    save_task(task, broker)
    broker.acknowledge(number)
