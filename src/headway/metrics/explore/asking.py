"""What somebody asks of the figures, read from an address: whoever gets the address asks the same."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.period import Grain
from headway.metrics.catalogue import FAMILIES
from headway.metrics.spec import MetricSpec


class Against(StrEnum):
    """What a figure stands beside: comparable colleagues, or the person's own period before."""

    PEERS = "peers"
    PAST = "past"


@dataclass(frozen=True)
class Question:
    """Which figures: a family of metrics, or some of them by key; of which period, which team, compared with what.

    start: first day of the period, the newest complete one if None. team: empty for everybody within reach.
    """

    family: str = FAMILIES[0]
    keys: tuple[str, ...] = ()
    grain: Grain = Grain.MONTH
    start: date | None = None
    team: str = ""
    against: Against = Against.PEERS
    page: int = 1

    def address(self, **changes: Any) -> str:
        """The query of this question with some of it changed; what is usual is left out."""
        asked = replace(self, **changes)
        usual = Question()
        said: list[tuple[str, str]] = [("family", asked.family)] if asked.family != usual.family else []
        said += [("metric", key) for key in asked.keys]
        if asked.grain is not usual.grain:
            said.append(("period", asked.grain.value))
        if asked.start is not None:
            said.append(("start", asked.start.isoformat()))
        if asked.team:
            said.append(("team", asked.team))
        if asked.against is not usual.against:
            said.append(("beside", asked.against.value))
        if asked.page != 1:
            said.append(("page", str(asked.page)))
        return f"?{urlencode(said)}" if said else "?"

    def chosen(self, specs: Sequence[MetricSpec]) -> tuple[MetricSpec, ...]:
        """The metrics asked for, in the catalogue's order."""
        if self.keys:
            return tuple(spec for spec in specs if spec.key in self.keys)
        return tuple(spec for spec in specs if spec.family == self.family)


def _one_of(text: str, allowed: Iterable[str], what: str) -> str:
    known = list(allowed)
    if text in known:
        return text
    near = difflib.get_close_matches(text, known, n=1)
    todo = _("Did you mean %s?") % near[0] if near else _("Choose one of: %s.") % ", ".join(known)
    raise BadInput(what, value=text, todo=todo)


def day_of(text: str) -> date | None:
    """A day of an address; None where nothing was given.

    Raises:
        BadInput: it is not a day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(_("This is not a day"), value=text, todo=_("Write it as year-month-day.")) from None


def question_of(query: QueryDict, specs: Sequence[MetricSpec]) -> Question:
    """What an address asks.

    Raises:
        BadInput: a value of it means nothing, with what was likely meant.
    """
    usual = Question()
    known = [spec.key for spec in specs]
    keys = [_one_of(key, known, _("There is no such metric")) for key in query.getlist("metric") if key]
    page = query.get("page", "1")
    return Question(
        family=_one_of(query.get("family") or usual.family, FAMILIES, _("There is no such family of metrics")),
        keys=tuple(dict.fromkeys(keys)),
        grain=Grain(_one_of(query.get("period") or usual.grain.value, list(Grain), _("There is no such period"))),
        start=day_of(query.get("start", "")),
        team=query.get("team", ""),
        against=Against(
            _one_of(query.get("beside") or usual.against.value, list(Against), _("Figures cannot stand beside this"))
        ),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )
