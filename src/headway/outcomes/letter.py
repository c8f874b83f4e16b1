"""The outcome of a plan as a letter: the decision, what it rests on, both sides, and everybody's words."""

from __future__ import annotations

import json

from django.utils.formats import date_format
from django.utils.translation import gettext as _

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
from headway.outcomes.preparing import Prepared, value_words
from headway.outcomes.states import DECIDED, Outcome
from headway.plans.models import GOAL_KINDS, Plan
from headway.plans.wording import capital, day, figure_text, number


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
    """The letter to the person."""
    prepared = Prepared.from_json(evaluation.prepared)
    decided = evaluation.stage in DECIDED and evaluation.decided_on is not None
    on = evaluation.decided_on if decided and evaluation.decided_on else prepared.as_of
    name = company.current().name
    return Letter(
        language="en",
        title=_("How your %(plan)s ended: %(outcome)s")
        % {"plan": plan.name[:1].lower() + plan.name[1:], "outcome": wording.outcome_name(evaluation.outcome)}
        if evaluation.outcome
        else _("How your plan went"),
        sender=name,
        sender_lines=(plan.manager.name,) if plan.manager else (),
        corner=(_("Confidential"), _("Decided") if decided else capital(str(evaluation.get_stage_display()))),
        recipient=tuple(line for line in (prepared.person_name, plan.person.team) if line),
        dated=day(on, year=True),
        greeting=_("Dear %s,") % plan.person.first_name,
        blocks=tuple(_blocks(plan, evaluation, prepared)),
        reference=_("%(plan)s %(name)s · record %(print)s")
        % {
            "plan": plan.name,
            "name": prepared.person_name,
            "print": " ".join(evaluation.prepared_hash[i : i + 4] for i in (0, 4, 8)),
        },
        page_words=_("Page {n} of {total}"),
    )


def _blocks(plan: Plan, evaluation: Evaluation, prepared: Prepared) -> list[Block]:
    return [
        *_decision(plan, evaluation),
        Heading(_("The goals")),
        Words(f"{wording.goals_words(prepared)}."),
        _goal_table(prepared),
        Heading(_("Is the gain real?")),
        *_gain(prepared),
        Heading(_("What the company gave")),
        _support_table(prepared),
        *_circumstances(prepared),
        *_observations(prepared),
        Heading(_("In everybody’s own words")),
        *_steps(evaluation),
        Words(
            _("You may appeal. Somebody who neither proposed nor confirmed this outcome decides the appeal."),
            tone="note",
        ),
        Words(
            _("Figures as known on %(day)s, seal %(hash)s. The program advises; the people named here decided.")
            % {"day": day(prepared.as_of, year=True), "hash": evaluation.prepared_hash},
            tone="fine",
        ),
        Signatures(
            (
                Signature(prepared.person_name, _("has received this letter; this is not agreement")),
                Signature(plan.manager.name if plan.manager else company.current().name, _("for the company")),
            )
        ),
    ]


def _decision(plan: Plan, evaluation: Evaluation) -> list[Block]:
    if not evaluation.outcome:
        return [Words(_("No outcome is proposed yet."), tone="note")]
    told = {
        "plan": plan.name,
        "start": day(plan.start_on),
        "end": day(plan.last_on, year=True),
        "outcome": wording.outcome_name(evaluation.outcome),
    }
    words = (
        _("Your %(plan)s from %(start)s to %(end)s ended as: %(outcome)s.")
        if evaluation.stage in DECIDED
        else _("For your %(plan)s from %(start)s to %(end)s this outcome is proposed: %(outcome)s.")
    ) % told
    if evaluation.outcome == Outcome.EXTENDED and evaluation.extended_to:
        words += " " + _("It goes on until %s, once you have signed for it.") % day(evaluation.extended_to, year=True)
    return [Words(words, tone="note")]


def _goal_table(prepared: Prepared) -> Rows:
    columns = (
        Column(_("Kind"), 0.9),
        Column(_("Goal"), 3.2),
        Column(_("At the start"), 1.0, figures=True),
        Column(_("Agreed"), 1.0, figures=True),
        Column(_("Reached"), 1.1, figures=True),
        Column(_("Met"), 1.0),
    )
    rows = tuple(
        (
            str(dict(GOAL_KINDS)[goal.kind]),  # type: ignore[index]
            goal.text,
            figure_text(goal.baseline, goal.unit, prepared.currency),
            figure_text(goal.target, goal.unit, prepared.currency),
            value_words(goal, prepared.currency),
            wording.met_words(goal)[0],
        )
        for goal in prepared.goals
    )
    return Rows(columns, rows, label=_("Goals"))


def _gain(prepared: Prepared) -> list[Block]:
    judged = prepared.judged
    if judged is None:
        return [Words(_("No analysis has looked at this plan yet."))]
    if not isinstance(judged, Verdict):
        return [Words(f"{judged.sentence} {judged.what_would_help}")]
    picture = wording.gain_picture(judged)
    svg = str(interval.render(picture, key="outcome-gain", colours="print"))
    return [Picture(svg, picture.description, 14), *(Words(sentence) for sentence in judged.sentences)]


def _support_table(prepared: Prepared) -> Rows:
    columns = (
        Column(_("Promise"), 2.6),
        Column(_("Who"), 1.3),
        Column(_("Given"), 0.9, figures=True),
        Column(_("Hours"), 0.9, figures=True),
        Column(_("Answer for what is missing"), 2.0),
    )
    rows = tuple(
        (
            line.text,
            line.owner,
            f"{line.given} / {line.planned}",
            "–" if line.hours_planned is None else f"{_hours(line.hours_given)} / {_hours(line.hours_planned)}",
            line.answer or ("–" if not line.short else _("none yet")),
        )
        for line in prepared.support
    )
    return Rows(columns, rows, label=_("Promises of the company"))


def _hours(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _circumstances(prepared: Prepared) -> list[Block]:
    if not prepared.circumstances:
        return []
    items = tuple(f"{day(one.on)}: {one.text}" if one.on else one.text for one in prepared.circumstances)
    return [Heading(_("What changed around you")), Bullets(items)]


def _observations(prepared: Prepared) -> list[Block]:
    if not prepared.observations:
        return []
    items = tuple(f"{day(seen.on)}, {seen.source}: {seen.text}" for seen in prepared.observations[-12:])
    return [Heading(_("What people saw")), Bullets(items)]


def _steps(evaluation: Evaluation) -> list[Block]:
    return [
        Quote(step.words, f"{step.by_name}, {date_format(step.at, 'j F Y')}") for step in evaluation.steps.all()
    ] or [Words(_("Nobody has said anything yet."))]
