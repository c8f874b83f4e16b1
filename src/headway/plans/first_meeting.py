"""The guide for the first meeting, made for this person and plan: strengths, then data, then what both sides do."""

from __future__ import annotations

from dataclasses import dataclass

from headway.plans.content import load
from headway.plans.evidence import Unit
from headway.plans.letter import today_of, who_gives
from headway.plans.letter_words import in_language
from headway.plans.plan_draft import PlanDraft
from headway.plans.wording import day, figure_text, listed, observed


@dataclass(frozen=True)
class GuidePart:
    """One part of the talk. minutes: about how long; say: sentences to say; remember: what helps while saying them."""

    title: str
    minutes: int
    say: tuple[str, ...]
    remember: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstMeetingGuide:
    """The whole guide; `papers` prints it."""

    title: str
    lead: str
    parts: tuple[GuidePart, ...]
    bring: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long the talk takes in all."""
        return sum(part.minutes for part in self.parts)


def guide_for(draft: PlanDraft, *, companion: str = "") -> FirstMeetingGuide:
    """The guide for a plan as it stands, in the plan's language; its words are the company's (`[guide]`)."""
    name = draft.rep.first_name
    with in_language(draft.language):
        return FirstMeetingGuide(
            title=words(draft, "title", name=name),
            lead=words(draft, "lead"),
            parts=(
                _strengths(draft),
                _examples(draft),
                _not_theirs(draft),
                _expectations(draft),
                _support(draft),
                _questions(draft),
                _afterwards(draft),
            ),
            bring=(
                words(draft, "bring_plan"),
                words(draft, "bring_pictures", name=name),
                words(draft, "bring_time"),
                *((words(draft, "bring_chair", companion=companion),) if companion else ()),
            ),
        )


def words(draft: PlanDraft, key: str, /, **values: object) -> str:
    """The words of `guide.<key>` in the plan's language."""
    return load(draft.language).fill(f"guide.{key}", **values)


def _strengths(draft: PlanDraft) -> GuidePart:
    said = tuple(paragraph.text for paragraph in draft.strengths) or (words(draft, "strengths_own"),)
    remember = words(draft, "strengths_remember", name=draft.rep.first_name)
    return GuidePart(words(draft, "strengths"), 10, said, (remember,))


def _examples(draft: PlanDraft) -> GuidePart:
    """The figures that the goals rest on, as a person would say them."""
    said = []
    for goal in draft.goals:
        figure = draft.evidence.figure(goal.metric_key) or draft.evidence.figure(goal.gap_key)
        if figure is None or figure.value is None:
            continue
        told: dict[str, object] = {
            "figure": load(draft.language).name(figure.key, figure.name),
            "value": figure_text(figure.value, figure.unit, draft.currency),
            "peer": figure_text(figure.peer, figure.unit, draft.currency),
        }
        if figure.n and figure.observed is not None and figure.unit is Unit.SHARE:
            said.append(words(draft, "example_counted", count=observed(figure), n=figure.n, **told))
        elif figure.peer is not None:
            said.append(words(draft, "example", **told))
    first = tuple(paragraph.text for paragraph in draft.what_we_saw[:2])
    remember = [words(draft, "examples_remember")]
    if draft.doubt is not None:
        remember.append(words(draft, "examples_doubt", doubt=draft.doubt.text))
    return GuidePart(words(draft, "examples"), 10, (*first, *dict.fromkeys(said)), tuple(remember))


def _not_theirs(draft: PlanDraft) -> GuidePart:
    said = tuple(paragraph.text for paragraph in draft.not_yours) or (words(draft, "not_theirs_none"),)
    title = words(draft, "not_theirs", name=draft.rep.first_name)
    return GuidePart(title, 5, said, (words(draft, "not_theirs_remember"),))


def _expectations(draft: PlanDraft) -> GuidePart:
    said = [words(draft, "expect_goal", text=goal.text, today=today_of(goal, draft.currency)) for goal in draft.goals]
    said += [words(draft, "expect_action", what=act.text, when=act.when) for act in draft.actions]
    return GuidePart(words(draft, "expect"), 15, tuple(said), (words(draft, "expect_remember"),))


def _support(draft: PlanDraft) -> GuidePart:
    said = [
        words(
            draft,
            "gives_promise",
            what=promise.text,
            who=who_gives(promise, draft),
            when=promise.when or words(draft, "gives_by", day=day(promise.due)),
        )
        for promise in draft.promises
    ]
    title = words(draft, "gives", company=draft.company)
    return GuidePart(title, 10, tuple(said), (words(draft, "gives_remember"),))


def _questions(draft: PlanDraft) -> GuidePart:
    asked = tuple(words(draft, f"question_{n}") for n in (1, 2, 3, 4))
    return GuidePart(words(draft, "questions"), 10, asked, (words(draft, "questions_remember"),))


def _afterwards(draft: PlanDraft) -> GuidePart:
    meetings = [day(meeting.on) for meeting in draft.check_ins[:2]]
    first = words(draft, "afterwards_meetings", days=listed(meetings)) if meetings else words(draft, "afterwards_none")
    said = (first, words(draft, "afterwards_signature"), words(draft, "afterwards_rights"))
    return GuidePart(words(draft, "afterwards"), 5, said)
