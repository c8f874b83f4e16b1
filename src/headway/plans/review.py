"""What HR's page of a plan shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.actors import Actor
from headway.core.models import AuditEntry
from headway.core.permissions import can
from headway.detection.equal_treatment.reading import note_for
from headway.plans import cases, checklist, standing
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.readiness import DONE, OPEN, TODO, ReadyLine
from headway.plans.record_words import said_of
from headway.plans.states import PlanState
from headway.plans.wording import day

# A room that knows about groups puts its note here; it is shown to HR alone.
Note = Callable[[Actor], str]
EQUAL_TREATMENT: list[Note] = []


def context(plan: Plan, *, by: Actor) -> dict[str, Any]:
    """Everything the template needs."""
    draft = draft_of(plan)
    lines = checklist.lines(plan, by=by)
    comparing = cases.compare(plan, draft)
    todo = [line for line in lines if line.state == TODO]
    waits = plan.state == PlanState.HR_REVIEW
    complete = sum(line.state == DONE for line in lines)
    return {
        "plan": plan,
        "draft": draft,
        "comparing": comparing,
        "todo": todo,
        "open": [line for line in lines if line.state == OPEN],
        "done": [line for line in lines if line.state == DONE],
        "complete": _("%(done)d of %(all)d complete") % {"done": complete, "all": len(lines)},
        "states": standing.bar(plan, draft),
        "title": _title(comparing, todo),
        "lead": _lead(plan, comparing, todo),
        "number": cases.number_of(plan),
        "waits": waits,
        "why_not": _why_not(todo, len(lines), complete),
        "equal_treatment": _equal_treatment(plan, by),
        "record": _record(plan),
        "reviews": list(plan.reviews.all()),
        "sent_by": _sent_by(plan),
        "known_on": draft.evidence.as_of,
    }


def _equal_treatment(plan: Plan, by: Actor) -> list[str]:
    """How the groups this person belongs to fare, for HR alone; then what other rooms say."""
    if not can(by, "plan.review") or not can(by, "impact.view"):
        return []
    own = " ".join(note_for(plan.person_id, by=by))
    found = [words for words in (own, *(note(by) for note in EQUAL_TREATMENT)) if words]
    return found or [_("Nothing can be told: no groups are loaded for this person, or too few people are in them.")]


def _title(comparing: cases.Comparing, todo: list[ReadyLine]) -> str:
    missing = (
        ngettext("%d answer missing", "%d answers missing", len(todo)) % len(todo) if todo else _("nothing missing")
    )
    if comparing.alone:
        return _("The first case of its kind, %s") % missing
    if comparing.stands_out:
        return _("Differs from like cases, %s") % missing
    if comparing.alike > 1:
        return _("In line with like cases, %s") % missing
    if comparing.alike == 1:
        return _("One like case to read beside it, %s") % missing
    return _("No like case yet, %s") % missing


def _lead(plan: Plan, comparing: cases.Comparing, todo: list[ReadyLine]) -> str:
    if comparing.alone:
        first = _("There is no approved plan of the last 18 months to compare with.")
    elif comparing.stands_out:
        first = " ".join(comparing.stands_out)
    elif comparing.alike > 1:
        first = _("In length, hours of support and how hard its revenue goal is, it lies among %d like cases.")
        first %= comparing.alike
    elif comparing.alike == 1:
        first = _("One case shows no pattern: read both side by side.")
    else:
        first = _("Beside it stand the nearest cases; each says how it differs, and nothing is measured by them.")
    return f"{first} {todo[0].label} {todo[0].sentence}" if todo else first


def _why_not(todo: list[ReadyLine], number: int, complete: int) -> str:
    if not todo:
        return ""
    return _("Approving needs every line: %(n)d to do, first “%(first)s”.") % {
        "n": len(todo),
        "first": todo[0].label.rstrip("."),
    }


def _sent_by(plan: Plan) -> str:
    entry = _entries(plan).filter(event="plan.submitted").last()
    return _("sent by %(name)s, %(day)s") % {"name": entry.actor_name, "day": day(entry.at.date())} if entry else ""


def _entries(plan: Plan) -> Any:
    return AuditEntry.objects.filter(object_ref=f"{plan._meta.label_lower}:{plan.pk}").order_by("pk")


def _record(plan: Plan) -> list[tuple[str, str]]:
    """The last things that happened to this plan, the newest first."""
    rows = list(_entries(plan).exclude(event="plan.seen").order_by("-pk")[:8])
    return [(said_of(entry), day(entry.at.date())) for entry in rows]
