"""The outcome of a plan as a letter, in the plan's language: the decision, what it rests on, both sides, all words."""

from __future__ import annotations

import json
from dataclasses import replace

from django.utils.timezone import localtime

from headway.charts import interval
from headway.core import company
from headway.documents.letter import (
    Block,
    Bullets,
    Column,
    Format,
    Heading,
    Letter,
    Picture,
    Quote,
    Rows,
    Signature,
    Signatures,
    Words,
)
from headway.documents.render import render
from headway.outcomes import wording
from headway.outcomes.judged import Verdict
from headway.outcomes.models import Evaluation
from headway.outcomes.preparing import GoalJudged, Prepared
from headway.outcomes.states import DECIDED, Outcome
from headway.plans.letter_words import in_language, kind_said, named, said, said_of
from headway.plans.models import Plan
from headway.plans.plan_draft import GoalKind
from headway.plans.wording import day, figure_text, number, share


def outcome_file(plan: Plan, evaluation: Evaluation, fmt: Format) -> bytes:
    """The outcome in a format; JSON is what was prepared, with the steps."""
    if fmt is Format.JSON:
        steps = [
            {"step": s.step, "outcome": s.outcome, "words": s.words, "by": s.by_name, "role": s.by_role,
             "at": s.at.isoformat()} for s in evaluation.steps.all()
        ]  # fmt: skip
        document = {"outcome": evaluation.outcome, "stage": evaluation.stage, "prepared": evaluation.prepared}
        return (json.dumps({**document, "steps": steps}, ensure_ascii=False, indent=2) + "\n").encode()
    return render(letter_of(plan, evaluation), fmt)


def letter_of(plan: Plan, evaluation: Evaluation) -> Letter:
    """The letter to the person, in the plan's language."""
    prepared = Prepared.from_json(evaluation.prepared)
    decided = evaluation.stage in DECIDED and evaluation.decided_on is not None
    on = evaluation.decided_on if decided and evaluation.decided_on else prepared.as_of
    language = plan.body["language"]
    with in_language(language):
        return Letter(
            language=language,
            title=_title(plan, evaluation),
            sender=company.current().name,
            sender_lines=(plan.manager.name,) if plan.manager else (),
            corner=(said("confidential"), _said("decided") if decided else _said(evaluation.stage)),
            recipient=tuple(line for line in (prepared.person_name, plan.person.team) if line),
            dated=day(on, year=True),
            greeting=said("dear", first_name=plan.person.first_name),
            blocks=tuple(_blocks(plan, evaluation, prepared)),
            reference=_said(
                "reference",
                plan=plan.name,
                name=prepared.person_name,
                print=" ".join(evaluation.prepared_hash[i : i + 4] for i in (0, 4, 8)),
            ),
            page_words=said("page", n="{n}", total="{total}"),
        )


def _said(key: str, /, **values: object) -> str:
    return said_of("outcome", key, **values)


def _outcome(evaluation: Evaluation) -> str:
    return _said(f"outcome_{evaluation.outcome}")


def _title(plan: Plan, evaluation: Evaluation) -> str:
    told = named(plan.name)
    if evaluation.outcome:
        return _said("title", outcome=_outcome(evaluation), **told)
    return _said("title_open", **told)


def _blocks(plan: Plan, evaluation: Evaluation, prepared: Prepared) -> list[Block]:
    return [
        *_decision(plan, evaluation),
        Heading(_said("goals")),
        Words(_said("goals_met", met=prepared.met, n=len(prepared.goals))),
        _goal_table(prepared),
        Heading(_said("gain")),
        *_gain(plan, prepared),
        Heading(_said("gave")),
        _support_table(prepared),
        *_circumstances(prepared),
        *_observations(prepared),
        Heading(_said("words")),
        *_steps(evaluation),
        Words(_said("appeal"), tone="note"),
        Words(_said("basis", day=day(prepared.as_of, year=True), hash=evaluation.prepared_hash), tone="fine"),
        Signatures(
            (
                Signature(prepared.person_name, _said("sign_person")),
                Signature(plan.manager.name if plan.manager else company.current().name, _said("sign_company")),
            )
        ),
    ]


def _decision(plan: Plan, evaluation: Evaluation) -> list[Block]:
    if not evaluation.outcome:
        return [Words(_said("none_proposed"), tone="note")]
    words = _said(
        "ended" if evaluation.stage in DECIDED else "is_proposed",
        plan=plan.name,
        start=day(plan.start_on),
        end=day(plan.last_on, year=True),
        outcome=_outcome(evaluation),
    )
    if evaluation.outcome == Outcome.EXTENDED and evaluation.extended_to:
        words += " " + _said("goes_on", day=day(evaluation.extended_to, year=True))
    return [Words(words, tone="note")]


def _goal_table(prepared: Prepared) -> Rows:
    columns = (
        Column(said("kind"), 0.9),
        Column(said("goal"), 3.2),
        Column(_said("at_start"), 1.0, figures=True),
        Column(_said("agreed"), 1.0, figures=True),
        Column(_said("reached"), 1.1, figures=True),
        Column(_said("met"), 1.0),
    )
    rows = tuple(
        (
            kind_said(GoalKind(goal.kind)),
            goal.text,
            figure_text(goal.baseline, goal.unit, prepared.currency),
            figure_text(goal.target, goal.unit, prepared.currency),
            _said("not_measured") if goal.value is None else figure_text(goal.value, goal.unit, prepared.currency),
            _met(goal),
        )
        for goal in prepared.goals
    )
    return Rows(columns, rows, label=said("goals_label"))


def _met(goal: GoalJudged) -> str:
    if goal.met is None:
        return _said("goal_not_yet" if goal.reason == "day_to_come" else "goal_unknown")
    return _said("goal_met" if goal.met else "goal_not_met")


def _gain(plan: Plan, prepared: Prepared) -> list[Block]:
    judged = prepared.judged
    if judged is None:
        return [Words(_said("gain_none"))]
    name = plan.person.first_name
    if not isinstance(judged, Verdict):
        return [Words(_said(f"refused_{judged.code}", name=name))]
    told = _figures(judged, name=name)
    span = _said("gain_span", low=told["low"], high=told["high"])
    picture = replace(
        wording.gain_picture(judged),
        title=_said("gain_title", gain=told["gain"]),
        description=_said("gain_description", gain=told["gain"], span=span, chance=told["chance"]),
        estimate_text=told["gain"],
        range_text=span,
    )
    scale = wording.gain_scale(picture, none=_said("gain_no_change"))
    svg = str(interval.render(picture, large=True, scale=scale, key="outcome-gain", colours="print"))
    return [Picture(svg, picture.description, 22), *(Words(words) for words in _verdict(judged, told))]


def _verdict(found: Verdict, told: dict[str, str]) -> tuple[str, ...]:
    """What was found, from the verdict's own numbers."""
    keys = (f"verdict_{found.verdict.name.lower()}", "verdict_steps", "verdict_luck", "verdict_chance")
    return (*(_said(key, **told) for key in keys), _said("verdict_compared", **told))


def _figures(found: Verdict, *, name: str) -> dict[str, str]:
    counts = ("weeks", "steps_before", "usual_before", "steps_after", "usual_after", "colleagues")
    return {
        "name": name,
        **{key: number(getattr(found, key)) for key in counts},
        "before": share(found.before),
        "after": share(found.after),
        "change": _signed(found.observed_change),
        "luck": _signed(found.expected_from_luck),
        "gain": _signed(found.gain),
        "low": _signed(found.gain_low),
        "high": _signed(found.gain_high),
        "chance": _said("chance", n=min(99, max(1, round(100 * found.improved_probability)))),
    }


def _signed(change: float) -> str:
    """ "+24%", "−3%", "0%", as the language writes it."""
    whole = round(100 * change)
    sign = "+" if whole > 0 else "−" if whole < 0 else ""
    return sign + share(abs(whole) / 100)


def _support_table(prepared: Prepared) -> Rows:
    columns = (
        Column(said("promise"), 2.6),
        Column(said("who"), 1.3),
        Column(_said("given"), 0.9, figures=True),
        Column(said("hours"), 0.9, figures=True),
        Column(_said("missing_answer"), 2.0),
    )
    rows = tuple(
        (
            line.text,
            line.owner,
            f"{line.given} / {line.planned}",
            "–" if line.hours_planned is None else f"{_hours(line.hours_given)} / {_hours(line.hours_planned)}",
            line.answer or ("–" if not line.short else _said("answer_none")),
        )
        for line in prepared.support
    )
    return Rows(columns, rows, label=said("promises_label"))


def _hours(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _circumstances(prepared: Prepared) -> list[Block]:
    if not prepared.circumstances:
        return []
    items = tuple(f"{day(one.on)}: {one.text}" if one.on else one.text for one in prepared.circumstances)
    return [Heading(_said("changed")), Bullets(items)]


def _observations(prepared: Prepared) -> list[Block]:
    if not prepared.observations:
        return []
    items = tuple(f"{day(seen.on)}, {seen.source}: {seen.text}" for seen in prepared.observations[-12:])
    return [Heading(_said("seen")), Bullets(items)]


def _steps(evaluation: Evaluation) -> list[Block]:
    return [
        Quote(step.words, f"{step.by_name}, {day(localtime(step.at).date(), year=True)}")
        for step in evaluation.steps.all()
    ] or [Words(_said("words_none"))]
