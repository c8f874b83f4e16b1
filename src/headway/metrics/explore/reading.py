"""One figure of a person with everything it is made of, for a named actor."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.period import Grain
from headway.core.permissions import require
from headway.facts.store import open_facts
from headway.metrics.behind import Behind, behind
from headway.metrics.boards import Board, board_of
from headway.metrics.models import AnalysisRun
from headway.metrics.queries import latest_run
from headway.metrics.values import MetricValue


def figure_of(
    actor: Actor, person_id: str, key: str, *, grain: Grain, start: date | None, nearest: bool = False
) -> tuple[MetricValue, Board] | None:
    """The figure, and the board of one that it stands on; None while no analysis has been made. `nearest`: `board_of`.

    Raises:
        NotFound: outside the actor's reach, no such metric or period, or nobody of this id was employed then.
    """
    require(actor, "figures.view", person_id)
    board = board_of(actor, [person_id], metric_keys=[key], grain=grain, start=start, size=1, nearest=nearest)
    if board is None:
        return None
    if not board.rows:
        raise NotFound(_("No figures of this person in that period"), value=person_id, todo=_("Choose another period."))
    return board.rows[0].values[key], board


def behind_of(run: AnalysisRun, value: MetricValue) -> Behind:
    """What the figure is made of, read from the facts that it came from."""
    with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
        return behind(facts, value.spec, person_id=value.person_id, period=value.period, calendar=company.current())


def figure_behind(
    actor: Actor, person_id: str, key: str, *, grain: Grain, start: date | None
) -> tuple[MetricValue, Behind]:
    """The figure and what it is made of.

    Raises:
        NotFound: as `figure_of`, and while no analysis has been made.
    """
    found, run = figure_of(actor, person_id, key, grain=grain, start=start), latest_run()
    if found is None or run is None:
        raise NotFound(_("There are no figures yet"), value=key, todo=_("Load data first."))
    return found[0], behind_of(run, found[0])
