"""A plan as a letter: strengths first, both sides, figures with their ranges, and what signing means."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.charts import forecast
from headway.documents.letter import (
    Block,
    Bullets,
    Column,
    Heading,
    Letter,
    Picture,
    Rows,
    Signature,
    Signatures,
    Words,
)
from headway.plans.evidence import Gap, Unit
from headway.plans.models import GOAL_KINDS
from headway.plans.plan_draft import Goal, GoalKind, Paragraph, PlanDraft
from headway.plans.wording import capital, chance, day, figure_text, line_money, money_about, money_short, number


def letter_of(plan: PlanDraft, *, draft: bool = True, version: int | None = None) -> Letter:
    """The letter to the rep. `draft` says so in the corner of every page."""
    state = _("Draft, not shared yet") if version is None else _("Draft %s, not shared yet") % version
    corner = (_("Confidential"), state if draft else _("Agreed version"))
    reference = _("%(plan)s %(name)s · drafted %(on)s · record %(print)s") % {
        "plan": plan.name,
        "name": plan.rep.name,
        "on": day(plan.drafted_on, year=True),
        "print": " ".join(plan.fingerprint[i : i + 4] for i in (0, 4, 8)),
    }
    return Letter(
        language=plan.language,
        title=_("Your %(plan)s, %(start)s to %(end)s")
        % {"plan": plan.name[:1].lower() + plan.name[1:], "start": day(plan.start), "end": day(plan.last_day)},
        sender=plan.company,
        sender_lines=tuple(line for line in (plan.rep.team, plan.manager.name if plan.manager else "") if line),
        corner=corner,
        recipient=tuple(line for line in (plan.rep.name, plan.rep.team) if line),
        dated=day(plan.drafted_on, year=True),
        greeting=_("Dear %s,") % plan.rep.first_name,
        blocks=tuple(_blocks(plan)),
        reference=reference,
        page_words=_("Page {n} of {total}"),
    )


def _blocks(plan: PlanDraft) -> list[Block]:
    return [
        Words(_joined(plan.strengths)),
        Words(_joined(plan.purpose)),
        *((Words(plan.doubt.text, tone="note"),) if plan.doubt else ()),
        Words(plan.duration.text, tone="fine"),
        Heading(_("What we saw")),
        Words(_joined(plan.what_we_saw)),
        *((_gap_table(plan.evidence.gap),) if plan.evidence.gap else ()),
        Heading(_("What is not in your hands")),
        Words(_joined(plan.not_yours)),
        Heading(_("Your goals")),
        _goal_table(plan),
        *(Words(text, tone="fine") for text in _goal_notes(plan)),
        *_path(plan),
        Heading(_("What %s gives you") % plan.company),
        _promise_table(plan),
        Heading(_("What you do")),
        Bullets(tuple(_action_text(action.text, action.when) for action in plan.actions)),
        Heading(_("How we talk")),
        Words(_joined(plan.how_we_talk)),
        Heading(_("How progress is measured")),
        Words(_joined(plan.how_measured)),
        _measure_table(plan),
        Heading(_("What success is")),
        Words(_joined(plan.success)),
        Heading(_("How it can end")),
        Words(_joined(plan.outcomes)),
        Words(_joined(plan.clear)),
        Words(_basis(plan), tone="fine"),
        Signatures(
            (
                Signature(plan.rep.name, _("has received this plan; this is not agreement")),
                Signature(plan.manager.name if plan.manager else plan.company, _("for %s") % plan.company),
            )
        ),
    ]


def _joined(paragraphs: tuple[Paragraph, ...]) -> str:
    return " ".join(paragraph.text for paragraph in paragraphs)


def _action_text(text: str, when: str) -> str:
    return f"{text}, {when}" if when else text


def _gap_table(gap: Gap) -> Rows:
    title = _("Where the difference of %s lies") % money_about(abs(gap.difference), gap.currency)
    rows = tuple(
        (
            capital(line.name) if line.controllable else _("%s (not in your hands)") % capital(line.name),
            *line_money(line, gap.currency),
        )
        for line in gap.lines
    )
    # Every part is rounded by its own range, so the rounded parts need not add up to the last euro.
    sign = "+" if gap.difference > 0 else ""
    total = (_("Together, before rounding"), sign + money_about(gap.difference, gap.currency), "")
    columns = (Column(title, 2.4), Column(_("Amount"), 1.0, figures=True), Column(_("Likely range"), 1.6, figures=True))
    return Rows(columns, (*rows, total), label=_("Parts of the difference"))


def kind_name(kind: GoalKind) -> str:
    """Revenue, Activity, Skill, Customers."""
    return str(dict(GOAL_KINDS)[kind])


def _goal_table(plan: PlanDraft) -> Rows:
    columns = (
        Column(_("Kind"), 0.9),
        Column(_("By %s") % day(plan.last_day), 3.9),
        Column(_("Today"), 1.0, figures=True),
        Column(_("Weight"), 0.7, figures=True),
    )
    rows = tuple((kind_name(g.kind), g.text, today_of(g, plan.currency), f"{g.weight}%") for g in plan.goals)
    return Rows(columns, rows, label=_("Goals"))


def today_of(goal: Goal, currency: str) -> str:
    """Today's level, in words where there is none."""
    if goal.baseline is None:
        return _("not counted yet")
    return figure_text(goal.baseline, goal.unit, currency)


def chance_sentence(goal: Goal) -> str:
    """How likely the target is and from what, or that nothing was computed."""
    found = goal.chance
    if found is None:
        return ""
    if found.adequate_colleague is None:
        return found.basis
    words = _("An adequate colleague reaches this %s.") % chance(found.adequate_colleague)
    return f"{words} {found.basis}"


def _goal_notes(plan: PlanDraft) -> list[str]:
    notes = []
    for goal in plan.goals:
        computed = goal.chance is not None and goal.chance.adequate_colleague is not None
        about = " ".join(part for part in (goal.why, chance_sentence(goal) if computed else "") if part)
        if about:
            notes.append(f"{kind_name(goal.kind)}. {about}")
    if any(goal.chance is None or goal.chance.adequate_colleague is None for goal in plan.goals):
        notes.append(_("Where no chance is named, none was computed: no simulation stands behind that target yet."))
    return notes + [paragraph.text for paragraph in plan.missing_kinds]


def _path(plan: PlanDraft) -> list[Block]:
    goal = next((goal for goal in plan.goals if goal.kind is GoalKind.REVENUE and goal.path), None)
    if goal is None:
        return []
    picture = path_picture(plan, goal)
    svg = str(forecast.render(picture, key="letter-path", colours="print", height=118))
    return [Heading(_("The path for revenue")), Picture(svg, picture.description, 39)]


def path_picture(plan: PlanDraft, goal: Goal) -> forecast.Forecast:
    """The weekly path of a goal as a picture: the same on the page and on paper."""
    steps = tuple(
        forecast.Step(
            step.on,
            step.value,
            when=day(step.on),
            words=(money_short if goal.unit is Unit.MONEY else lambda v, c: number(v))(step.value, plan.currency),
        )
        for step in goal.path
    )
    marks = tuple(step for step, ours in zip(steps, goal.path, strict=True) if ours.milestone)
    said = ", ".join(_("%(value)s by %(on)s") % {"value": step.words, "on": step.when} for step in marks)
    return forecast.Forecast(
        title=_("The path for revenue"),
        description=_("The path: %s.") % said,
        start=plan.start,
        end=plan.last_day,
        path=(forecast.Step(plan.start, 0.0), *steps),
        marks=marks,
        days=((plan.start, day(plan.start)), *((step.on, step.when) for step in marks)),
    )


def _promise_table(plan: PlanDraft) -> Rows:
    columns = (
        Column(_("Promise"), 2.6),
        Column(_("Who"), 1.5),
        Column(_("When"), 1.5),
        Column(_("Hours"), 0.6, figures=True),
    )
    rows = tuple(
        (p.text, owner_words(p.owner, p.owner_role, plan), p.when or day(p.due), hours_text(p.hours))
        for p in plan.promises
    )
    return Rows(columns, rows, label=_("Promises of the company"))


def owner_words(owner: str, role: str, plan: PlanDraft) -> str:
    """Who answers for a promise; where the manager stands in for another role, that it is arranged."""
    manager = plan.manager.name if plan.manager else plan.company
    if owner == manager and role not in {"Manager", ""}:
        return _("%(owner)s arranges it") % {"owner": owner}
    return owner


def hours_text(hours: float | None) -> str:
    """10, 2.5, or a dash where time is not the point."""
    if hours is None:
        return "–"
    return number(hours, decimals=0 if float(hours).is_integer() else 1)


def _measure_table(plan: PlanDraft) -> Rows:
    columns = (Column(_("Goal"), 0.9), Column(_("Counted as"), 3.2), Column(_("Definition"), 1.6, figures=True))
    rows = tuple((kind_name(g.kind), g.metric_name, g.metric_version or "–") for g in plan.goals)
    return Rows(columns, rows, label=_("What the goals are measured by"))


def _basis(plan: PlanDraft) -> str:
    evidence = plan.evidence
    parts = [_("Figures as known on %s.") % day(evidence.as_of, year=True)]
    if evidence.comparison and evidence.comparison.adjusted_for:
        parts.append(_("Taken into account: %s.") % ", ".join(evidence.comparison.adjusted_for))
    if evidence.run_id is not None:
        parts.append(_("Analysis %s.") % evidence.run_id)
    if evidence.policy_version:
        parts.append(_("Policy %s.") % evidence.policy_version)
    parts.append(_("Words from templates %s.") % plan.content_version)
    return " ".join(parts)
