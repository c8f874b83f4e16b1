"""Competencies rated, and whether it is skill or effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput
from headway.diagnosis.practice.actions.keeping import clean, keep, not_later, one_of
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.competencies import LEVELS, competency_named
from headway.diagnosis.practice.models import (
    Axis,
    AxisDecision,
    CompetencyRating,
    Rater,
)
from headway.diagnosis.practice.queries import rated_days, suggestion_for
from headway.diagnosis.practice.rules import current_turn
from headway.people.models import Person


@dataclass(frozen=True)
class RatingGiven:
    """One competency's level (1 to 5) and the behaviour that was seen."""

    competency: str
    level: int
    behaviour: str = ""


@action(permission="competency.rate", event="competency.rated", about="person_id")
def rate_competencies(
    *, person_id: str, ratings: Sequence[RatingGiven], by: Actor, rated_on: date | None = None
) -> tuple[CompetencyRating, ...]:
    """Rate competencies of a person, as the person or as the manager's side, blind to the other's ratings.

    The side follows from who acts. A side rates a turn once; see `rules.current_turn`.

    Raises:
        BadInput: nothing was rated, a level is not 1 to 5, or a competency is unknown or given twice.
    """
    if not ratings:
        raise BadInput(_("Nothing was rated"), todo=_("Choose a level for at least one competency."))
    names = [competency_named(given.competency, needed=True) for given in ratings]
    if len(set(names)) != len(names):
        raise BadInput(
            _("A competency was rated twice"), value=", ".join(sorted({n for n in names if names.count(n) > 1}))
        )
    bad = next((given for given in ratings if given.level not in LEVELS), None)
    if bad is not None:
        raise BadInput(_("A level is a number from 1 to 5"), value=bad.level)
    on = not_later(rated_on or clock.today(), what=_("The day"))
    rater = Rater.SELF if by.person_id == person_id else Rater.MANAGER
    # Locked, so that two people who send at the same moment do not open two turns.
    Person.objects.select_for_update().filter(pk=person_id).first()
    turn = current_turn(rated_days(person_id), rater=rater, on=on, turn_days=practice_rules().turn_days)
    audit.detail(side=str(rater), turn=turn, competencies=names)
    return tuple(
        keep(
            CompetencyRating(
                competency=given.competency, rater=rater, level=given.level, rated_on=on, turn=turn,
                behaviour=clean(given.behaviour, what=_("The behaviour")),
            ),
            person_id=person_id, by=by,
        )
        for given in ratings
    )  # fmt: skip


@action(permission="practice.write", event="axis.decided", about="person_id")
def decide_axis(*, person_id: str, axis: str, reason: str, by: Actor) -> AxisDecision:
    """Decide whether it is skill, effort, both, or neither; the program's suggestion is kept beside it.

    Raises:
        BadInput: no reason, or an unknown choice.
    """
    suggested = suggestion_for(by, person_id)
    row = AxisDecision(
        axis=one_of(axis, Axis, what=_("The choice")),
        reason=clean(reason, what=_("The reason"), needed=True),
        decided_on=clock.today(),
        suggested=suggested.chances if suggested else {},
    )
    audit.detail(axis=row.axis)
    return keep(row, person_id=person_id, by=by)
