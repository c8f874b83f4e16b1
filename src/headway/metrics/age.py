"""How old the figures are that pages show, why no newer ones are there, and what to do about it.

The last figures that were worked out stay until newer ones are whole: whatever happens on the way, pages keep a number
and say which day it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_q.models import Task

from headway.core import company, jobs
from headway.core.actors import SYSTEM, Actor
from headway.core.permissions import can
from headway.core.status import Told
from headway.facts.models import FactVersion
from headway.metrics.models import AnalysisRun

# The background job that works the figures out.
JOB = "analysis"
# A job that nobody has begun after this long: there is no worker.
NOBODY_BEGAN = timedelta(minutes=15)


@dataclass(frozen=True)
class Age:
    """The state of the figures.

    Args:
        worked_out_at: when they were finished; None while there are none.
        as_of: the last day they know.
        version: the version of the facts they come from.
        newer_at: when a version that is not in them was loaded; None where they are of the newest.
        under_way: newer ones are being worked out, or will be in a moment.
        error: why the last attempt failed, as it was said; empty if it did not.
        operator: the reader may look after the data: told what to do, others whom to ask.
    """

    worked_out_at: datetime | None
    as_of: date | None
    version: int | None
    newer_at: datetime | None
    under_way: bool
    error: str
    operator: bool

    @property
    def behind(self) -> bool:
        """Whether something is wrong or under way."""
        return bool(self.newer_at or self.error)

    @property
    def stand(self) -> str:
        """When the figures were worked out, and from what."""
        if self.worked_out_at is None:
            return _("No figures have been worked out yet.")
        if company.current().is_demo:  # its days are invented
            return _("Worked out from version %(version)s of the data.") % {"version": self.version}
        about = {"when": _moment(self.worked_out_at), "version": self.version}
        return _("Worked out on %(when)s from version %(version)s of the data.") % about

    @property
    def sentence(self) -> str:
        """What stands in the way of newer figures, and what to do; empty where nothing does."""
        if not self.behind:
            return ""
        about = {"when": _moment(self.worked_out_at), "loaded": _moment(self.newer_at), "why": _why(self.error)}
        if self.error:
            said = (
                _("The figures of %(when)s still stand, because newer ones could not be worked out: %(why)s.")
                if self.worked_out_at
                else _("No figures could be worked out: %(why)s.")
            )
            return f"{said % about} {self._todo(_todo(self.error))}"
        if self.under_way:
            return (
                _("Data loaded on %(loaded)s is being worked out; until then the figures of %(when)s stand.")
                if self.worked_out_at
                else _("Data loaded on %(loaded)s is being worked out.")
            ) % about
        todo = self._todo(_("Start headway serve, or run headway jobs --once."))
        said = _("Data loaded on %(loaded)s is not in these figures yet, and nobody is working on it.") % about
        return f"{said} {todo}"

    def _todo(self, what: str) -> str:
        return what if self.operator else _("Tell whoever looks after the data.")


def _moment(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), "j F Y, H:i") if when else "–"


# What the system says, and what that means to a person. Whatever else is said is passed on as it came.
_FULL = ("no space left", "disk is full", "disk full", "could not write")
_LOCKED = ("could not set lock", "database is locked", "conflicting lock")
_MEMORY = ("out of memory", "memoryerror", "cannot allocate memory")


def _has(error: str, words: tuple[str, ...]) -> bool:
    return any(word in error.lower() for word in words)


def _why(error: str) -> str:
    if _has(error, _FULL):
        return _("the disk is full")
    if _has(error, _LOCKED):
        return _("another program holds the data")
    if _has(error, _MEMORY):
        return _("there was not enough memory")
    first, _stop, _rest = error.partition(". ")
    return first.rstrip(". ")[:200]


def _todo(error: str) -> str:
    again = _("Headway tries again every hour, and after every load.")
    if _has(error, _FULL):
        return f"{_('Free some space.')} {again}"
    if _has(error, _LOCKED):
        return f"{_('End the other program, or wait for it.')} {again}"
    if _has(error, _MEMORY):
        return f"{_('Give the machine more memory, or end other programs on it.')} {again}"
    _first, _stop, rest = error.partition(". ")
    return f"{rest.rstrip('. ')}. {again}" if rest else again


@cache
def _asked() -> QuerySet[AnalysisRun, Any]:
    """The newest analysis beside what it may lag behind. Put together once: every page of figures asks it."""
    current = FactVersion.objects.filter(is_current=True)
    last = Task.objects.filter(name=JOB).order_by("-stopped")
    return (
        AnalysisRun.objects.filter(finished_at__isnull=False)
        .annotate(
            current=Subquery(current.values("number")[:1]),
            loaded_at=Subquery(current.values("created_at")[:1]),
            went_well=Subquery(last.values("success")[:1]),
            tried_at=Subquery(last.values("stopped")[:1]),
        )
        .order_by("-pk")
        .values("finished_at", "as_of", "facts_version", "current", "loaded_at", "went_well", "tried_at")[:1]
    )


def age_for(actor: Actor) -> Age:
    """The state of the figures. One query; three where something is wrong or under way."""
    found = next(iter(_asked().all()), None)
    operator = bool(can(actor, "facts.view"))
    if found is None:
        return _first_ever(operator)
    behind = found["current"] is not None and found["current"] != found["facts_version"]
    failed = found["went_well"] is False and found["tried_at"] > found["finished_at"]
    newer_at = found["loaded_at"] if behind else None
    error = jobs.last_error(JOB) if failed else ""
    return Age(
        found["finished_at"], found["as_of"], found["facts_version"], newer_at, _under_way(newer_at), error, operator
    )


def _first_ever(operator: bool) -> Age:
    current = FactVersion.objects.filter(is_current=True).first()
    newer_at = current.created_at if current else None
    return Age(None, None, None, newer_at, _under_way(newer_at), jobs.last_error(JOB), operator)


def _under_way(newer_at: datetime | None) -> bool:
    if newer_at is None:
        return False
    waits = jobs.waits(JOB)
    return waits is jobs.Wait.BEGUN or (waits is jobs.Wait.QUEUED and timezone.now() < newer_at + NOBODY_BEGAN)


def status() -> Told:
    """What `headway status` says of the figures."""
    age = age_for(SYSTEM)
    if age.worked_out_at is None and not age.behind:
        return Told((), None)
    data = {
        "worked_out_at": age.worked_out_at.isoformat() if age.worked_out_at else None,
        "as_of": age.as_of.isoformat() if age.as_of else None,
        "version": age.version,
        "behind": age.behind,
        "under_way": age.under_way,
        "problem": age.sentence or None,
    }
    stand = _("Figures: %(stand)s") % {"stand": age.stand}
    return Told((stand, age.sentence) if age.sentence else (stand,), data)
