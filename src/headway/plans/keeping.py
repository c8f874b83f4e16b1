"""Between a draft and its records: what is written where, and the whole draft put together again. No writes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from headway.plans.evidence import Evidence
from headway.plans.json_form import from_json, to_json
from headway.plans.models import Plan, PlanGoal, PlanPromise
from headway.plans.plan_draft import Goal, Paragraph, PlanDraft, Promise, RepAction

IN_ROWS = ("goals", "promises", "evidence")
# The sections that people may rewrite; the figures in "what we saw" are evidence and stay.
SECTIONS = ("purpose", "strengths", "not_yours", "actions", "how_we_talk", "how_measured", "success", "outcomes")


def body_of(draft: PlanDraft) -> dict[str, Any]:
    """The draft's words, without what is kept in rows or frozen apart."""
    return {key: value for key, value in draft.as_json().items() if key not in IN_ROWS}


def hash_of(evidence: dict[str, Any]) -> str:
    """SHA-256 of the frozen evidence."""
    return hashlib.sha256(json.dumps(evidence, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def text_of(draft: PlanDraft) -> str:
    """The whole draft as the text that a version keeps: the same draft always gives the same bytes."""
    return json.dumps(draft.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of_text(text: str) -> str:
    """SHA-256 of a text's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


_COLUMNS = ("key", "kind", "text", "metric_key", "metric_version", "baseline", "target", "by", "weight")


# What of a goal's row follows from the goal.
GOAL_FIELDS = ("text", "metric_key", "metric_version", "baseline", "target", "start_on", "by", "weight", "detail")


def goal_row(plan: Plan, goal: Goal, *, position: int) -> PlanGoal:
    """An unsaved row of a goal."""
    detail = {key: value for key, value in to_json(goal).items() if key not in {*_COLUMNS, "start"}}
    columns = {name: getattr(goal, name) for name in _COLUMNS}
    return PlanGoal(plan=plan, position=position, start_on=goal.start, detail=detail, **columns)


def goal_of(row: PlanGoal) -> Goal:
    """The goal a row holds."""
    data = {name: to_json(getattr(row, name)) for name in _COLUMNS}
    return from_json(Goal, {**row.detail, **data, "start": row.start_on.isoformat()})


def promise_row(plan: Plan, promise: Promise, *, position: int) -> PlanPromise:
    """An unsaved row of a promise."""
    return PlanPromise(plan=plan, position=position, **promise.__dict__)


def promise_of(row: PlanPromise) -> Promise:
    """The promise a row holds."""
    return Promise(**{name: getattr(row, name) for name in Promise.__dataclass_fields__})


def draft_of(plan: Plan) -> PlanDraft:
    """The whole draft as it stands now, evidence as it was frozen. Two queries unless prefetched."""
    empty = {"goals": [], "promises": [], "evidence": plan.evidence}
    whole = PlanDraft.from_json({**plan.body, **empty})
    return replace(
        whole,
        goals=tuple(goal_of(row) for row in plan.goals.all()),
        promises=tuple(promise_of(row) for row in plan.promises.all()),
    )


def evidence_of_plan(plan: Plan) -> Evidence:
    """The frozen evidence alone."""
    return from_json(Evidence, plan.evidence)


def section_text(draft: PlanDraft, section: str) -> str:
    """A section as a person edits it: paragraphs apart by an empty line; actions one a line, "what | when"."""
    if section == "actions":
        return "\n".join(f"{action.text} | {action.when}" for action in draft.actions)
    return "\n\n".join(paragraph.text for paragraph in getattr(draft, section))


def section_from(text: str, *, section: str, before: PlanDraft, author: str) -> list[dict[str, Any]]:
    """What a person typed, as the section's JSON. Sentences left as they were keep their source."""
    clean = text.replace("\r\n", "\n").strip()
    if section == "actions":
        return [to_json(_action(line, before, author)) for line in clean.split("\n") if line.strip()]
    known = {paragraph.text: paragraph.source for paragraph in getattr(before, section)}
    parts = [part.strip() for part in clean.split("\n\n") if part.strip()]
    return [to_json(Paragraph(part, known.get(part, f"person: {author}"))) for part in parts]


def _action(line: str, before: PlanDraft, author: str) -> RepAction:
    what, _, when = (part.strip() for part in line.partition("|"))
    same = next((action for action in before.actions if (action.text, action.when) == (what, when)), None)
    return same or RepAction(what, when, f"person: {author}")


def stamp(text: str) -> str:
    """Marks a text as it was when a page showed it: a later save notices that somebody else was first."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
