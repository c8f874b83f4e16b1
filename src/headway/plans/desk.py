"""What the page of a plan shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.actors import Actor
from headway.core.errors import BadInput
from headway.core.language import Vocabulary, vocabulary
from headway.plans import checklist, standing
from headway.plans.asking import GoalChecked, GoalTyped, checked, typed_goal
from headway.plans.content import Content, load
from headway.plans.evidence import Unit
from headway.plans.keeping import SECTIONS, draft_of, section_text, stamp
from headway.plans.letter import hours_text, kind_name, owner_words, today_of
from headway.plans.library import picks_for
from headway.plans.models import Plan
from headway.plans.outlook.pictures import ReachView, view_of
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft, Promise
from headway.plans.smart import Mark
from headway.plans.sources import owners_of_company
from headway.plans.states import EDITABLE, FLOWS, PlanKind
from headway.plans.wording import capital, chance, day, figure_text, line_money, money_about
from headway.web.context import link

CHECK_STATES = {Mark.OK: "done", Mark.PROBLEM: "todo", Mark.OPEN: "open"}
ICONS = {GoalKind.CUSTOMER: "customers"}


@dataclass(frozen=True)
class Tools:
    """The company's templates and words."""

    content: Content
    vocabulary: Vocabulary


def tools(draft: PlanDraft) -> Tools:
    """The templates and words in the plan's language."""
    return Tools(load(draft.language), vocabulary(draft.language))


@dataclass(frozen=True)
class CheckLine:
    """A letter of the check, ready for the checks component."""

    state: str
    label: str
    sentence: str


@dataclass(frozen=True)
class GoalCard:
    """A goal as the page shows it."""

    key: str
    kind: str
    label: str
    text: str
    today: str
    meta: str
    why: str
    summary: str
    tone: str
    problem: str
    lines: tuple[CheckLine, ...]
    wording: str | None
    adequate: str
    today_chance: str
    basis: str
    metric: str
    target_text: str
    by: str
    version: int
    editing: bool
    trace: str
    reach: ReachView | None = None

    @property
    def piece(self) -> str:
        """The goal as comments and proposals name it."""
        return f"goal:{self.key}"


def card(draft: PlanDraft, found: GoalChecked, *, version: int = 1, editing: bool = False) -> GoalCard:
    """Everything about a goal in words."""
    goal, odds = found.goal, found.chance
    return GoalCard(
        key=goal.key,
        kind=ICONS.get(goal.kind, str(goal.kind)),
        label=kind_name(goal.kind),
        text=goal.text,
        today=today_of(goal, draft.currency),
        meta=_meta(goal, draft.currency),
        why=goal.why,
        summary=found.summary,
        tone=found.tone,
        problem=found.first_problem,
        lines=tuple(CheckLine(CHECK_STATES[li.mark], f"{li.name}.", li.sentence) for li in found.lines),
        wording=found.wording,
        adequate=chance(odds.adequate_colleague) if odds and odds.adequate_colleague is not None else "",
        today_chance=chance(odds.person_today) if odds and odds.person_today is not None else "",
        basis=odds.basis if odds else "",
        metric=_("%(name)s, definition %(version)s")
        % {"name": goal.metric_name, "version": goal.metric_version or "–"},
        target_text=_field_text(goal),
        by=goal.by.isoformat(),
        version=version,
        editing=editing,
        trace=goal.source,
        reach=view_of(draft, goal),
    )


def _field_text(goal: Goal) -> str:
    """The target as its field shows it: what a person would type."""
    if goal.unit in {Unit.SHARE, Unit.RATIO}:
        return f"{goal.target * 100:g}%"
    return f"{goal.target:,.10g}" if goal.target >= 1000 else f"{goal.target:g}"


def _meta(goal: Goal, currency: str) -> str:
    parts = [_("Today %s.") % today_of(goal, currency)]
    if goal.peer is not None and goal.peer_low is not None and goal.peer_high is not None:
        parts.append(
            _("Comparable colleagues %(peer)s (%(low)s to %(high)s).")
            % {
                "peer": figure_text(goal.peer, goal.unit, currency),
                "low": figure_text(goal.peer_low, goal.unit, currency),
                "high": figure_text(goal.peer_high, goal.unit, currency),
            }
        )
    parts.append(_("Weighs %s of 100.") % goal.weight)
    return " ".join(parts)


@dataclass(frozen=True)
class PromiseLine:
    """A promise as the page shows it."""

    key: str
    text: str
    meta: str
    figure: str
    owner: str
    due: str
    when: str
    hours: str
    version: int
    editing: bool

    @property
    def piece(self) -> str:
        """The promise as comments and proposals name it."""
        return f"promise:{self.key}"


@dataclass(frozen=True)
class Section:
    """A section of words; `text` and `seen` for its field."""

    key: str
    title: str
    paragraphs: tuple[tuple[str, str], ...]
    text: str
    seen: str
    editing: bool


def section_titles(draft: PlanDraft) -> dict[str, str]:
    """Titles of the sections that people may rewrite."""
    return {
        "strengths": _("What goes well"),
        "purpose": _("What this plan is for"),
        "not_yours": _("What is not in %s’s hands") % draft.rep.first_name,
        "actions": _("What %s does") % draft.rep.first_name,
        "how_we_talk": _("How we talk"),
        "how_measured": _("How progress is measured"),
        "success": _("What success is"),
        "outcomes": _("How it can end"),
    }


def context(plan: Plan, *, edit: str, typed: dict[str, Any], may_edit: bool, by: Actor) -> dict[str, Any]:
    """Everything the template needs."""
    draft = draft_of(plan)
    means = tools(draft)
    versions = {row.key: row.version for row in plan.goals.all()}
    kept = tuple(checked(draft, goal, content=means.content, vocabulary=means.vocabulary) for goal in draft.goals)
    cards = [_card_of(draft, found, means, versions, edit=edit, typed=typed, may_edit=may_edit) for found in kept]
    revenue = next((goal for goal in draft.goals if goal.path), None)
    return {
        "plan": plan,
        "draft": draft,
        "person": plan.person,
        "may_edit": may_edit,
        "edit": edit,
        "cards": cards,
        "missing": draft.missing_kinds,
        "promises": _promises(plan, draft, edit=edit, typed=typed),
        "new_promise": {**typed} if edit == "promise-new" else None,
        "picks": picks_for(draft, owners=owners_of_company()),
        "hours": _hours_note(draft),
        "sections": _sections(draft, edit=edit, typed=typed),
        "actions_section": _section(draft, "actions", edit=edit, typed=typed),
        "ready": checklist.lines(plan, by=by) if plan.state in EDITABLE else (),
        "before_url": link(f"/people/{plan.person_id}/before-a-plan/") if may_edit else None,
        "outside_url": link(f"/people/{plan.person_id}/outside/") if may_edit else None,
        "ready_title": _("Ready for HR?") if FLOWS[PlanKind(plan.kind)].hr else _("Ready to be read?"),
        "steps": _weekly(draft, revenue),
        "steps_note": _steps_note(draft, revenue),
        "states": standing.bar(plan, draft),
        "gap_rows": _gap_rows(draft),
        "lead": draft.duration.text,
        "saw": draft.what_we_saw,
        "clear": draft.clear,
        "check_ins": draft.check_ins,
        "title": _("%(plan)s for %(name)s") % {"plan": plan.name, "name": draft.rep.first_name},
        "known_on": draft.evidence.as_of,
    }


def _card_of(
    draft: PlanDraft,
    found: GoalChecked,
    means: Tools,
    versions: dict[str, int],
    *,
    edit: str,
    typed: dict[str, Any],
    may_edit: bool,
) -> GoalCard:
    goal = found.goal
    # As in a good editor, what must be mended lies open.
    editing = may_edit and (edit == goal.key or (not edit and bool(found.check.problems)))
    version = versions[goal.key]
    if edit != goal.key or "text" not in typed:
        return card(draft, found, version=version, editing=editing)
    version = typed["version"] if typed.get("version") is not None else version
    try:
        asked = typed_goal(goal, GoalTyped(typed["text"], typed["target"], typed["by"]))
    except BadInput:
        return card(draft, found, version=version, editing=True)
    again = checked(draft, asked, content=means.content, vocabulary=means.vocabulary)
    return card(draft, again, version=version, editing=True)


def _promises(plan: Plan, draft: PlanDraft, *, edit: str, typed: dict[str, Any]) -> list[PromiseLine]:
    versions = {row.key: row.version for row in plan.promises.all()}
    return [_promise(draft, p, versions[p.key], edit=edit, typed=typed) for p in draft.promises]


def _promise(draft: PlanDraft, promise: Promise, version: int, *, edit: str, typed: dict[str, Any]) -> PromiseLine:
    editing = edit == f"promise-{promise.key}"
    again = typed if editing and "text" in typed else {}
    return PromiseLine(
        key=promise.key,
        text=again.get("text", promise.text),
        meta=f"{owner_words(promise.owner, promise.owner_role, draft)} · {promise.when or day(promise.due)}",
        figure=_("%s h") % hours_text(promise.hours) if promise.hours is not None else "",
        owner=again.get("owner", promise.owner),
        due=again.get("due", promise.due.isoformat()),
        when=again.get("when", promise.when),
        hours=again.get("hours", "" if promise.hours is None else f"{promise.hours:g}"),
        version=version,
        editing=editing,
    )


def _hours_note(draft: PlanDraft) -> str:
    count = len(draft.promises)
    words = ngettext("%(hours)s hours, %(n)d promise", "%(hours)s hours, %(n)d promises", count)
    return words % {"hours": hours_text(draft.hours), "n": count}


def _section(draft: PlanDraft, key: str, *, edit: str, typed: dict[str, Any]) -> Section:
    editing = edit == f"text-{key}"
    text = section_text(draft, key)
    parts = tuple((part.text, part.source) for part in getattr(draft, key))
    shown = typed["text"] if editing and "text" in typed else text
    return Section(key, section_titles(draft)[key], parts, shown, stamp(text), editing)


def _sections(draft: PlanDraft, *, edit: str, typed: dict[str, Any]) -> list[Section]:
    return [_section(draft, key, edit=edit, typed=typed) for key in SECTIONS if key != "actions"]


def _weekly(draft: PlanDraft, goal: Goal | None) -> list[tuple[str, str]]:
    if goal is None:
        return []
    return [
        (
            _("Week %(n)d, %(on)s") % {"n": step.week, "on": day(step.on)},
            _step_text(step.value, goal, draft.currency),
        )
        for step in goal.path
        if step.milestone
    ]


def _step_text(value: float, goal: Goal, currency: str) -> str:
    """A step on the way is a waymark, not a target: money to three digits."""
    if goal.unit is Unit.MONEY and value != goal.target:
        return money_about(value, currency)
    return figure_text(value, goal.unit, currency)


def _steps_note(draft: PlanDraft, goal: Goal | None) -> str:
    if goal is None:
        return ""
    values = {"target": figure_text(goal.target, goal.unit, draft.currency), "n": len(goal.path)}
    if goal.kind is GoalKind.REVENUE:
        return _("%(target)s becomes %(n)d steps. Slow at first: what changes now shows when deals close.") % values
    return _("%(target)s becomes %(n)d steps, none in the first weeks.") % values


def _gap_rows(draft: PlanDraft) -> list[tuple[str, str, str, bool]]:
    gap = draft.evidence.gap
    if gap is None:
        return []
    rows = []
    for line in gap.lines:
        amount, likely = line_money(line, gap.currency)
        # A sign is never left alone at the end of a line.
        likely = re.sub(r"([+−])", "\\1\u2060", likely)
        rows.append((capital(line.name), amount, likely, line.controllable))
    return rows
