"""A plan as a letter: strengths first, both sides, figures with their ranges, and what signing means."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from headway.charts import forecast
from headway.detection.sentences import adjusted_label
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
from headway.plans.content import load
from headway.plans.evidence import Gap, Unit
from headway.plans.letter_words import in_language, kind_said, named, said
from headway.plans.models import GOAL_KINDS
from headway.plans.papers.seal import Seal, own_words, signature_block
from headway.plans.plan_draft import Goal, GoalKind, Paragraph, PlanDraft, Promise
from headway.plans.wording import capital, chance, day, figure_text, line_money, money_about, money_short, number, share


def letter_of(plan: PlanDraft, *, version: int | None = None, seal: Seal | None = None) -> Letter:
    """The letter to the rep, in the plan's language. Without a seal it is a draft, and each page says so; `seal` names
    the version that was handed over or signed, and fills the signature block."""
    with in_language(plan.language):
        told = {**named(plan.name), "name": plan.rep.first_name, "start": day(plan.start), "end": day(plan.last_day)}
        title = said("title", **told)
        blocks = (*_blocks(plan), *_end(plan, seal))
        if seal is not None:
            return frame(plan, title=title, blocks=blocks, seal=seal, dated=seal.made_at.date())
        state = said("draft") if version is None else said("draft_numbered", number=version)
        return frame(plan, title=title, blocks=blocks, state=state)


def frame(
    plan: PlanDraft,
    *,
    title: str,
    blocks: tuple[Block, ...],
    seal: Seal | None = None,
    state: str = "",
    dated: date | None = None,
) -> Letter:
    """A letter to the rep about a plan: head, address and foot are the same on all of them. Within `in_language`."""
    told: dict[str, object] = {"plan": plan.name, "name": plan.rep.name}
    if seal is None:
        print_ = " ".join(plan.fingerprint[i : i + 4] for i in (0, 4, 8))
        told |= {"on": day(plan.drafted_on, year=True), "print": print_}
        reference = said("reference_draft", **told)
    else:
        told |= {"number": str(seal.number), "on": day(seal.made_at.date(), year=True), "print": seal.short_hash}
        reference = said("reference", **told)
    return Letter(
        language=plan.language,
        title=title,
        sender=plan.company,
        sender_lines=tuple(line for line in (plan.rep.team, plan.manager.name if plan.manager else "") if line),
        corner=(said("confidential"), seal.state_words if seal else state),
        recipient=tuple(line for line in (plan.rep.name, plan.rep.team) if line),
        dated=day(dated or plan.drafted_on, year=True),
        greeting=said("dear", first_name=plan.rep.first_name),
        blocks=blocks,
        reference=reference,
        page_words=said("page", n="{n}", total="{total}"),
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
                Signature(plan.rep.name, said("has_received")),
                Signature(manager or plan.company, said("for_company", company=plan.company)),
            )
        )
    ]


def _blocks(plan: PlanDraft) -> list[Block]:
    return [
        Words(joined(plan.strengths)),
        Words(joined(plan.purpose)),
        *((Words(plan.doubt.text, tone="note"),) if plan.doubt else ()),
        Words(plan.duration.text, tone="fine"),
        Heading(said("what_we_saw")),
        Words(joined(plan.what_we_saw)),
        *gap_blocks(plan),
        Heading(said("not_yours")),
        Words(joined(plan.not_yours)),
        Heading(said("goals")),
        goal_table(plan),
        *(Words(text, tone="fine") for text in _goal_notes(plan)),
        *_path(plan),
        Heading(said("gives", company=plan.company)),
        promise_table(plan),
        Heading(said("does")),
        Bullets(tuple(_action_text(action.text, action.when) for action in plan.actions)),
        Heading(said("talk")),
        Words(joined(plan.how_we_talk)),
        Heading(said("measured")),
        Words(joined(plan.how_measured)),
        _measure_table(plan),
        Heading(said("success")),
        Words(joined(plan.success)),
        Heading(said("outcomes")),
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
    title = said("gap", amount=money_about(abs(gap.difference), gap.currency))
    rows = tuple(
        (
            capital(line.name) if line.controllable else said("gap_not_yours", name=capital(line.name)),
            *line_money(line, gap.currency),
        )
        for line in gap.lines
    )
    # Every part is rounded by its own range, so the rounded parts need not add up to the last euro.
    sign = "+" if gap.difference > 0 else ""
    total = (said("gap_together"), sign + money_about(gap.difference, gap.currency), "")
    columns = (Column(title, 2.4), Column(said("amount"), 1.0, figures=True), Column(said("range"), 1.6, figures=True))
    return Rows(columns, (*rows, total), label=said("gap_label"))


def kind_name(kind: GoalKind) -> str:
    """Revenue, Activity, Skill, Customers."""
    return str(dict(GOAL_KINDS)[kind])


def goal_table(plan: PlanDraft) -> Rows:
    """The goals as a table."""
    columns = (
        Column(said("kind"), 0.9),
        Column(said("by", day=day(plan.last_day)), 3.9),
        Column(said("today"), 1.0, figures=True),
        Column(said("weight"), 0.7, figures=True),
    )
    rows = tuple((kind_said(g.kind), g.text, _today(g, plan.currency), share(g.weight / 100)) for g in plan.goals)
    return Rows(columns, rows, label=said("goals_label"))


def _today(goal: Goal, currency: str) -> str:
    return said("not_counted") if goal.baseline is None else figure_text(goal.baseline, goal.unit, currency)


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
    words = said("chance", chance=chance(found.adequate_colleague))
    return f"{words} {found.basis}"


def _goal_notes(plan: PlanDraft) -> list[str]:
    notes = []
    for goal in plan.goals:
        computed = goal.chance is not None and goal.chance.adequate_colleague is not None
        about = " ".join(part for part in (goal.why, chance_sentence(goal) if computed else "") if part)
        if about:
            notes.append(f"{kind_said(goal.kind)}. {about}")
    if any(goal.chance is None or goal.chance.adequate_colleague is None for goal in plan.goals):
        notes.append(said("no_chance"))
    return notes + [paragraph.text for paragraph in plan.missing_kinds]


def _path(plan: PlanDraft) -> list[Block]:
    goal = next((goal for goal in plan.goals if goal.kind is GoalKind.REVENUE and goal.path), None)
    if goal is None:
        return []
    picture = path_picture(plan, goal)
    svg = str(forecast.render(picture, key="letter-path", colours="print", height=118))
    return [Heading(said("path")), Picture(svg, picture.description, 39)]


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
    told = ", ".join(said("path_step", value=step.words, on=step.when) for step in marks)
    return forecast.Forecast(
        title=said("path"),
        description=said("path_words", steps=told),
        start=plan.start,
        end=plan.last_day,
        path=(forecast.Step(plan.start, 0.0), *steps),
        marks=marks,
        days=((plan.start, day(plan.start)), *((step.on, step.when) for step in marks)),
    )


def promise_table(plan: PlanDraft) -> Rows:
    """What the company promises, as a table."""
    columns = (
        Column(said("promise"), 2.6),
        Column(said("who"), 1.5),
        Column(said("when"), 1.5),
        Column(said("hours"), 0.6, figures=True),
    )
    rows = tuple((p.text, who_gives(p, plan), p.when or day(p.due), hours_text(p.hours)) for p in plan.promises)
    return Rows(columns, rows, label=said("promises_label"))


def who_gives(promise: Promise, plan: PlanDraft) -> str:
    """Who answers for a promise, in the letter's language. Within `in_language`."""
    return said("arranges", owner=promise.owner) if arranged(promise.owner, promise.owner_role, plan) else promise.owner


def owner_words(owner: str, role: str, plan: PlanDraft) -> str:
    """Who answers for a promise; where the manager stands in for another role, that it is arranged."""
    return _("%(owner)s arranges it") % {"owner": owner} if arranged(owner, role, plan) else owner


def arranged(owner: str, role: str, plan: PlanDraft) -> bool:
    """Whether the manager stands in for another role."""
    return owner == (plan.manager.name if plan.manager else plan.company) and role not in {"Manager", ""}


def hours_text(hours: float | None) -> str:
    """10, 2.5, or a dash where time is not the point."""
    if hours is None:
        return "–"
    return number(hours, decimals=0 if float(hours).is_integer() else 1)


def _measure_table(plan: PlanDraft) -> Rows:
    columns = (
        Column(said("goal"), 0.9),
        Column(said("counted_as"), 3.2),
        Column(said("definition"), 1.6, figures=True),
    )
    rows = tuple((kind_said(g.kind), g.metric_name, g.metric_version or "–") for g in plan.goals)
    return Rows(columns, rows, label=said("measures_label"))


def _adjusted(key: str) -> str:
    content = load(get_language() or "en")
    return content.name(f"adjusted_{key}", adjusted_label(key))


def fine_basis(plan: PlanDraft) -> Words:
    """What the figures rest on, in small print."""
    return Words(_basis(plan), tone="fine")


def _basis(plan: PlanDraft) -> str:
    evidence = plan.evidence
    parts = [said("known", day=day(evidence.as_of, year=True))]
    if evidence.comparison and evidence.comparison.adjusted_for:
        parts.append(said("adjusted", what=", ".join(_adjusted(key) for key in evidence.comparison.adjusted_for)))
    if evidence.run_id is not None:
        parts.append(said("analysis", number=evidence.run_id))
    if evidence.policy_version:
        parts.append(said("policy", version=evidence.policy_version))
    parts.append(said("templates", version=plan.content_version))
    return " ".join(parts)
