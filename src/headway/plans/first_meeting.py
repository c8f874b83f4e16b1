"""The guide for the first meeting, made for this person and plan: strengths, then data, then what both sides do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.plans.letter import owner_words, today_of
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
    """The guide for a plan as it stands."""
    name = draft.rep.first_name
    return FirstMeetingGuide(
        title=_("First meeting with %s") % name,
        lead=_("Strengths first, examples with numbers, then what both sides do. Listen more than you speak."),
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
            _("The plan on paper, two copies."),
            _("The pictures from %s’s page.") % name,
            _("Water, and an hour with no call after it."),
            *((_("A chair for %s, who comes along.") % companion,) if companion else ()),
        ),
    )


def _strengths(draft: PlanDraft) -> GuidePart:
    said = tuple(paragraph.text for paragraph in draft.strengths) or (
        _("Begin with something you saw this month that went well. Name the customer and the day."),
    )
    return GuidePart(
        _("What goes well"),
        10,
        said,
        (_("Ask which of these %s is proud of, and wait for the answer.") % draft.rep.first_name,),
    )


def _examples(draft: PlanDraft) -> GuidePart:
    """The figures that the goals rest on, as a person would say them."""
    said = []
    for goal in draft.goals:
        figure = draft.evidence.figure(goal.metric_key) or draft.evidence.figure(goal.gap_key)
        if figure is None or figure.value is None:
            continue
        told = {
            "name": figure.name,
            "value": figure_text(figure.value, figure.unit, draft.currency),
            "count": observed(figure),
            "n": figure.n or 0,
            "peer": figure_text(figure.peer, figure.unit, draft.currency),
        }
        if figure.n and figure.observed is not None:
            said.append(_("%(name)s: %(count)s of %(n)s (%(value)s); comparable colleagues %(peer)s.") % told)
        elif figure.peer is not None:
            said.append(_("%(name)s: %(value)s; comparable colleagues %(peer)s.") % told)
    first = tuple(paragraph.text for paragraph in draft.what_we_saw[:2])
    remember = [_("Show where a number comes from: the deals behind it are one click away.")]
    if draft.doubt is not None:
        remember.append(_("Say plainly that this may be chance: %s") % draft.doubt.text)
    return GuidePart(_("What we saw, with numbers"), 10, (*first, *dict.fromkeys(said)), tuple(remember))


def _not_theirs(draft: PlanDraft) -> GuidePart:
    said = tuple(paragraph.text for paragraph in draft.not_yours) or (
        _("We looked at territory, leads, tools and market and found nothing that holds back."),
    )
    return GuidePart(
        _("What is not in %s’s hands") % draft.rep.first_name,
        5,
        said,
        (_("Ask what we have overlooked. Write it down word for word."),),
    )


def _expectations(draft: PlanDraft) -> GuidePart:
    said = [
        _("%(text)s Today: %(today)s.") % {"text": goal.text, "today": today_of(goal, draft.currency)}
        for goal in draft.goals
    ]
    said += [_("You: %(what)s (%(when)s).") % {"what": act.text, "when": act.when} for act in draft.actions]
    return GuidePart(
        _("What we expect"),
        15,
        tuple(said),
        (_("Ask after each goal: does this sound possible? What would make it easier?"),),
    )


def _support(draft: PlanDraft) -> GuidePart:
    said = [
        _("%(what)s: %(who)s, %(when)s.")
        % {
            "what": promise.text,
            "who": owner_words(promise.owner, promise.owner_role, draft),
            "when": promise.when or _("by %s") % day(promise.due),
        }
        for promise in draft.promises
    ]
    return GuidePart(
        _("What %s gives") % draft.company,
        10,
        tuple(said),
        (_("Promise only what is written here, and all of it: undelivered support counts against us."),),
    )


def _questions(draft: PlanDraft) -> GuidePart:
    return GuidePart(
        _("Questions to ask"),
        10,
        (
            _("What do you think lies behind these numbers?"),
            _("When did it last go the way you want it to? What was different?"),
            _("Which of the promises helps you most, and what is missing?"),
            _("What should I do differently from tomorrow?"),
        ),
        (_("Silence is an answer too: count to ten before you go on."),),
    )


def _afterwards(draft: PlanDraft) -> GuidePart:
    meetings = [day(meeting.on) for meeting in draft.check_ins[:2]]
    first = _("We meet on %s.") % listed(meetings) if meetings else _("We agree on the first check-in now.")
    return GuidePart(
        _("How it goes on"),
        5,
        (
            first,
            _("Your signature says that you received the plan, not that you agree; you may add a statement."),
            _("You may bring somebody to every meeting, and you may appeal at any time."),
        ),
    )
