"""A plan as a letter: strengths first, both sides, figures with their ranges, and what signing means."""

from __future__ import annotations

from datetime import date

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
from headway.plans.papers.seal import Seal, own_words, signature_block
from headway.plans.plan_draft import Goal, GoalKind, Paragraph, PlanDraft
from headway.plans.wording import capital, chance, day, figure_text, line_money, money_about, money_short, number


def letter_of(plan: PlanDraft, *, draft: bool = True, version: int | None = None, seal: Seal | None = None) -> Letter:
    """The letter to the rep. `draft` says so in the corner of every page; `seal` names the version that was handed
    over or signed, and fills the signature block."""
    title = _("Your %(plan)s, %(start)s to %(end)s") % {
        "plan": plan.name[:1].lower() + plan.name[1:],
        "start": day(plan.start),
        "end": day(plan.last_day),
    }
    blocks = (*_blocks(plan), *_end(plan, seal))
    if seal is not None:
        return frame(plan, title=title, blocks=blocks, seal=seal, dated=seal.made_at.date())
    state = _("Draft, not shared yet") if version is None else _("Draft %s, not shared yet") % version
    return frame(plan, title=title, blocks=blocks, state=state if draft else _("Agreed version"))


def frame(
    plan: PlanDraft,
    *,
    title: str,
    blocks: tuple[Block, ...],
    seal: Seal | None = None,
    state: str = "",
    dated: date | None = None,
) -> Letter:
    """A letter to the rep about a plan: head, address and foot are the same on all of them."""
    told = {"plan": plan.name, "name": plan.rep.name}
    if seal is None:
        print_ = " ".join(plan.fingerprint[i : i + 4] for i in (0, 4, 8))
        told |= {"on": day(plan.drafted_on, year=True), "print": print_}
        reference = _("%(plan)s %(name)s · drafted %(on)s · record %(print)s") % told
    else:
        told |= {"number": str(seal.number), "on": day(seal.made_at.date(), year=True), "print": seal.short_hash}
        reference = _("%(plan)s %(name)s · version %(number)s of %(on)s · record %(print)s") % told
    return Letter(
        language=plan.language,
        title=title,
        sender=plan.company,
        sender_lines=tuple(line for line in (plan.rep.team, plan.manager.name if plan.manager else "") if line),
        corner=(_("Confidential"), seal.state_words if seal else state),
        recipient=tuple(line for line in (plan.rep.name, plan.rep.team) if line),
        dated=day(dated or plan.drafted_on, year=True),
        greeting=_("Dear %s,") % plan.rep.first_name,
        blocks=blocks,
        reference=reference,
        page_words=_("Page {n} of {total}"),
    )


def _end(plan: PlanDraft, seal: Seal | None) -> list[Block]:
    """The signers' own words and the lines to sign on."""
    manager = plan.manager.name if plan.manager else ""
    if seal is not None:
        block = signature_block(seal, person=plan.rep.name, manager=manager, company_name=plan.company)
        return [*own_words(seal), block]
    return [
        Signatures(
            (
                Signature(plan.rep.name, _("has received this plan; this is not agreement")),
                Signature(manager or plan.company, _("for %s") % plan.company),
            )
        )
    ]


def _blocks(plan: PlanDraft) -> list[Block]:
    return [
        Words(joined(plan.strengths)),
        Words(joined(plan.purpose)),
        *((Words(plan.doubt.text, tone="note"),) if plan.doubt else ()),
        Words(plan.duration.text, tone="fine"),
        Heading(_("What we saw")),
        Words(joined(plan.what_we_saw)),
        *gap_blocks(plan),
        Heading(_("What is not in your hands")),
        Words(joined(plan.not_yours)),
        Heading(_("Your goals")),
        goal_table(plan),
        *(Words(text, tone="fine") for text in _goal_notes(plan)),
        *_path(plan),
        Heading(_("What %s gives you") % plan.company),
        promise_table(plan),
        Heading(_("What you do")),
        Bullets(tuple(_action_text(action.text, action.when) for action in plan.actions)),
        Heading(_("How we talk")),
        Words(joined(plan.how_we_talk)),
        Heading(_("How progress is measured")),
        Words(joined(plan.how_measured)),
        _measure_table(plan),
        Heading(_("What success is")),
        Words(joined(plan.success)),
        Heading(_("How it can end")),
        Words(joined(plan.outcomes)),
        Words(joined(plan.clear)),
        fine_basis(plan),
    ]


def joined(paragraphs: tuple[Paragraph, ...]) -> str:
    """Paragraphs as one text."""
    return " ".join(paragraph.text for paragraph in paragraphs)


def _action_text(text: str, when: str) -> str:
    return f"{text}, {when}" if when else text


def gap_blocks(plan: PlanDraft) -> list[Block]:
    """The gap as a table, where there is one."""
    return [_gap_table(plan.evidence.gap)] if plan.evidence.gap else []


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


def goal_table(plan: PlanDraft) -> Rows:
    """The goals as a table."""
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


def promise_table(plan: PlanDraft) -> Rows:
    """What the company promises, as a table."""
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


def fine_basis(plan: PlanDraft) -> Words:
    """What the figures rest on, in small print."""
    return Words(_basis(plan), tone="fine")


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
