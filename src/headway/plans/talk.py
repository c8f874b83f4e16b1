"""What people say about a plan, as the page shows it: points that wait first, words unedited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from headway.core.actors import Actor, Role
from headway.core.permissions import can
from headway.plans import states
from headway.plans.evidence import Unit
from headway.plans.keeping import SECTIONS
from headway.plans.letter import kind_name
from headway.plans.models import Comment, CommentState, Plan, Proposal, ProposalState
from headway.plans.pieces import GOAL, PROMISE, SECTION
from headway.plans.plan_draft import PlanDraft
from headway.plans.states import PlanState
from headway.plans.wording import day, figure_text


@dataclass(frozen=True)
class Change:
    """One thing a proposal would change, before and after in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Said:
    """A comment with its answers."""

    pk: int
    text: str
    cite: str
    state: str
    waits: bool
    answers: tuple[tuple[str, str], ...]
    may_settle: bool

    @property
    def number(self) -> str:
        """As a form names it."""
        return str(self.pk)


@dataclass(frozen=True)
class Proposed:
    """A proposal with what it would change."""

    pk: int
    piece: str
    why: str
    cite: str
    changes: tuple[Change, ...]
    state: str
    waits: bool
    answer: str
    may_answer: bool
    may_take_back: bool

    @property
    def field(self) -> str:
        """The field of its answer, where words are kept that could not be taken."""
        return f"answer_{self.pk}"


@dataclass(frozen=True)
class Talk:
    """Everything said. `pieces` are what one may speak about: value and words."""

    proposals: tuple[Proposed, ...]
    comments: tuple[Said, ...]
    pieces: tuple[tuple[str, str], ...]
    may_comment: bool
    may_propose: bool
    advised: bool = False  # the reader writes about somebody else

    @property
    def waiting(self) -> int:
        """How many points wait for somebody."""
        return sum(p.waits for p in self.proposals) + sum(c.waits for c in self.comments)

    @property
    def persons(self) -> bool:
        """Whether anything was said or may be said."""
        return bool(self.proposals or self.comments or self.may_comment)


def talk_of(plan: Plan, draft: PlanDraft, *, by: Actor) -> Talk:
    """What was said about a plan, for a reader who may see it."""
    names = dict(pieces_of(draft))
    manager_side = bool(can(by, "plan.answer", plan))
    persons = bool(can(by, "plan.propose", plan))
    comments = [row for row in plan.comments.all() if row.answers_to_id is None]
    answers: dict[int, list[Comment]] = {}
    for row in plan.comments.all():
        if row.answers_to_id is not None:
            answers.setdefault(row.answers_to_id, []).append(row)
    proposals = sorted(plan.proposals.all(), key=lambda row: (row.state != ProposalState.OPEN, row.made_at))
    return Talk(
        proposals=tuple(_proposed(row, draft, names, answers=manager_side, takes=persons) for row in proposals),
        comments=tuple(_said(row, names, answers.get(row.pk, []), by=by) for row in comments),
        pieces=pieces_of(draft),
        may_comment=_may_comment(plan, by),
        may_propose=persons and plan.state in states.OPEN_TO_PROPOSALS,
        advised=by.role != Role.REP,
    )


def _may_comment(plan: Plan, by: Actor) -> bool:
    return plan.state in states.OPEN and plan.state != PlanState.DRAFT and bool(can(by, "plan.comment", plan))


def pieces_of(draft: PlanDraft) -> tuple[tuple[str, str], ...]:
    """The pieces of a plan in its order, with what they are called."""
    from headway.plans.desk import section_titles

    titles = section_titles(draft)
    return (
        ("", _("the whole plan")),
        *((f"{GOAL}:{goal.key}", _("goal: %s") % kind_name(goal.kind)) for goal in draft.goals),
        *((f"{PROMISE}:{promise.key}", _("promise: %s") % _short(promise.text)) for promise in draft.promises),
        *((f"{SECTION}:{key}", titles[key]) for key in SECTIONS),
    )


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:45].rstrip()}…"


def _cite(name: str, moment: datetime, piece: str) -> str:
    return _("%(name)s on %(piece)s, %(day)s") % {"name": name, "piece": piece, "day": day(moment.date())}


def _said(row: Comment, names: dict[str, str], answers: list[Comment], *, by: Actor) -> Said:
    waits = row.state != CommentState.SETTLED
    return Said(
        pk=row.pk,
        text=row.text,
        cite=_cite(row.by_name, row.said_at, names.get(row.piece, _("a piece taken out since"))),
        state=row.get_state_display(),
        waits=waits,
        answers=tuple((answer.text, f"{answer.by_name}, {day(answer.said_at.date())}") for answer in answers),
        may_settle=waits and (by.role == Role.REP) == row.is_the_persons,
    )


def _proposed(row: Proposal, draft: PlanDraft, names: dict[str, str], *, answers: bool, takes: bool) -> Proposed:
    waits = row.state == ProposalState.OPEN
    told = f"{row.answered_by_name}: {row.answer}" if row.answer else row.answered_by_name
    return Proposed(
        pk=row.pk,
        piece=names.get(row.piece, _("a piece taken out since")),
        why=row.why,
        cite=_cite(row.by_name, row.made_at, names.get(row.piece, _("a piece taken out since"))),
        changes=changes_in(row, draft),
        state=row.get_state_display(),
        waits=waits,
        answer=told,
        may_answer=waits and answers,
        may_take_back=waits and takes,
    )


def changes_in(row: Proposal, draft: PlanDraft) -> tuple[Change, ...]:
    """What a proposal would change, in words."""
    before = row.before
    goal = next((goal for goal in draft.goals if row.piece == f"{GOAL}:{goal.key}"), None)
    unit = goal.unit if goal else Unit.COUNT
    found = []
    if row.text is not None:
        found.append(Change(_("Words"), before["text"], row.text))
    if row.target is not None and before["target"] is not None:
        now, new = (figure_text(value, unit, draft.currency) for value in (before["target"], row.target))
        found.append(Change(_("Target"), now, new))
    if row.day is not None:
        found.append(Change(_("By"), day(date.fromisoformat(before["day"])), day(row.day)))
    return tuple(found)
