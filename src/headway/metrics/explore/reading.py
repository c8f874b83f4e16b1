"""One figure of a person with everything it is made of, for a named actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.period import Grain
from headway.core.permissions import require
from headway.facts.store import Facts, open_facts
from headway.metrics.behind import Behind, Thing, behind, told
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


@dataclass(frozen=True)
class MadeOf:
    """What a figure is made of, and one page of its things with what the facts say about each."""

    behind: Behind
    page: Page[Thing]
    shown: tuple[Thing, ...]


def made_of_page(run: AnalysisRun, value: MetricValue, *, number: str | None, size: int) -> MadeOf:
    """Read from the facts that the figure came from, opened once: opening them takes longer than asking them.

    Args:
        run: the analysis the figure is of.
        value: the figure.
        number: of the page, as an address gives it; one that means nothing is the first.
        size: things on a page.
    """
    with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
        found = _behind_in(facts, value)
        page = Paginator(found.things, size).get_page(number)
        return MadeOf(found, page, told(facts, found.table, list(page.object_list)))


def _behind_in(facts: Facts, value: MetricValue) -> Behind:
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
    with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
        return found[0], _behind_in(facts, found[0])
