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
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import Broker, get_broker
from django_q.models import OrmQ
from django_q.monitor import save_task
from django_q.signing import SignedPackage

from headway.core import outbox, rounds

_log = logging.getLogger(__name__)


def work(*, once: bool = False, stopped: Callable[[], bool] = lambda: False) -> int:
    """Do jobs until `stopped` says so, or (with `once`) until none waits. Returns how many were done.

    What an earlier worker had begun and not finished, because it was killed, is taken up again first. That is right for
    one worker per installation, which is what `headway serve` starts.
    """
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    broker, done = get_broker(), 0
    while not stopped():
        waiting = broker.dequeue()  # sleeps for the polling interval where nothing waits
        for number, package in waiting or ():
            _do(broker, number, SignedPackage.loads(package))
            done += 1
        if not waiting:
            _between(force=once)
        if once and not waiting:
            break
    return done


_PAUSE = 10.0  # seconds between two looks at the mail and the daily rounds
_looked = [0.0]


def _between(*, force: bool = False) -> None:
    """Where no job waits, the worker sends mail that is due and makes the rounds of the day; trouble stops nothing."""
    if not force and time.monotonic() - _looked[0] < _PAUSE:
        return
    _looked[0] = time.monotonic()
    for look in (rounds.make_rounds, outbox.deliver_due):
        try:
            look()
        except Exception:  # the worker goes on; the next look tries again
            _log.exception("between jobs: %s", look.__name__)


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
