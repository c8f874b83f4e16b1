"""What is still missing before others see the plan."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.language import Vocabulary, WordFinding, WordKind, vocabulary
from headway.plans.asking import GoalChecked, checked
from headway.plans.content import load
from headway.plans.keeping import SECTIONS
from headway.plans.plan_draft import GoalKind, PlanDraft

DONE, TODO, OPEN = "done", "todo", "open"


@dataclass(frozen=True)
class ReadyLine:
    """One line of the list; state as the checks component names it."""

    state: str
    label: str
    sentence: str


@dataclass(frozen=True)
class WordsFound:
    """Words of one section that need another."""

    section: str
    word: WordFinding


def words_to_change(plan: PlanDraft, vocabulary: Vocabulary) -> tuple[WordsFound, ...]:
    """Judging and biased words outside the goals (those have their own check)."""
    grave = (WordKind.JUDGING, WordKind.BIASED)
    found = [
        WordsFound(section, hit)
        for section in SECTIONS
        for hit in vocabulary.findings(_people_s_words(plan, section), kinds=grave)
    ]
    promises = " \n".join(promise.text for promise in plan.promises if promise.source.startswith("person:"))
    return (*found, *(WordsFound("promises", hit) for hit in vocabulary.findings(promises, kinds=grave)))


def _people_s_words(plan: PlanDraft, section: str) -> str:
    """What people wrote; the company's templates were read when they were made."""
    parts = getattr(plan, section)
    return "\n".join(part.text for part in parts if part.source.startswith("person:"))


def ready_of(draft: PlanDraft) -> tuple[ReadyLine, ...]:
    """The list for a plan as it stands."""
    content, words = load(draft.language), vocabulary(draft.language)
    goals = tuple(checked(draft, goal, content=content, vocabulary=words) for goal in draft.goals)
    return ready_list(draft, goals, vocabulary=words)


def ready_list(plan: PlanDraft, goals: tuple[GoalChecked, ...], *, vocabulary: Vocabulary) -> tuple[ReadyLine, ...]:
    """What the plan's own words need, in the order in which a reader asks."""
    return (
        _gap(plan),
        _goals(goals),
        _mix(plan),
        _support(plan),
        _language(plan, vocabulary),
    )


def _gap(plan: PlanDraft) -> ReadyLine:
    if plan.evidence.certain:
        return ReadyLine(DONE, _("Purpose and gap."), _("With figures, sample and range."))
    return ReadyLine(OPEN, _("Purpose and gap."), _("The data cannot tell this from chance."))


def _goals(goals: tuple[GoalChecked, ...]) -> ReadyLine:
    bad = sum(bool(goal.check.problems) for goal in goals)
    if not goals:
        return ReadyLine(TODO, _("Goals."), _("There is none yet."))
    if bad:
        words = ngettext("%(n)d of %(all)d needs work.", "%(n)d of %(all)d need work.", bad)
        return ReadyLine(TODO, _("Goals."), words % {"n": bad, "all": len(goals)})
    return ReadyLine(DONE, _("Goals."), _("Each can be counted, by a day."))


def _mix(plan: PlanDraft) -> ReadyLine:
    from headway.plans.letter import kind_name

    missing = [kind_name(kind) for kind in GoalKind if all(goal.kind is not kind for goal in plan.goals)]
    if missing:
        return ReadyLine(OPEN, _("Four kinds."), _("Without: %s.") % ", ".join(missing))
    return ReadyLine(DONE, _("Four kinds."), _("Results, activity, skill, customers."))


def _support(plan: PlanDraft) -> ReadyLine:
    if not plan.promises:
        return ReadyLine(TODO, _("Support."), _("%s promises nothing yet.") % plan.company)
    late = [promise for promise in plan.promises if promise.due > plan.last_day]
    if late:
        return ReadyLine(TODO, _("Support."), _("“%s” comes after the plan.") % late[0].text[:60])
    return ReadyLine(DONE, _("Support."), _("Every promise has an owner and a date."))


def _language(plan: PlanDraft, vocabulary: Vocabulary) -> ReadyLine:
    found = words_to_change(plan, vocabulary)
    if not found:
        return ReadyLine(DONE, _("Language."), _("No judging words."))
    hit = found[0].word
    return ReadyLine(
        TODO, _("Language."), _("“%(word)s”: write %(instead)s.") % {"word": hit.word, "instead": hit.instead}
    )
