"""Cells of a table or map of figures as markup. Written in code, since a page has hundreds of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from headway.metrics import sentences
from headway.metrics.explore.standing import MARKS, Standing, standing_of
from headway.metrics.spec import Unit
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers

_TONE = {"early": "unknown"}
# As usual, and a figure that nobody is compared with.
_DOT = '<i class="dotmark" aria-hidden="true"></i>'
_RING = '<i class="dotmark dotmark--alone" aria-hidden="true"></i>'


@dataclass(frozen=True)
class WrittenRow:
    """One person's cells as markup; where each figure stands; why some of them are not compared, each reason once.

    href: the person's weeks. `notes` and `cells` are markup.
    """

    href: str
    notes: str
    cells: str
    standings: tuple[Standing, ...]

    def beside(self, name: str, team: str) -> SafeString:
        """The row of a table that begins with the person's name and, unless it is empty, team."""
        under = f'<br><span class="fine">{escape(team)}</span>' if team else ""
        return mark_safe(
            f'<tr><th scope="row"><a href="{self.href}">{escape(name)}</a>{under}{self.notes}</th>{self.cells}</tr>'
        )


def _notes(values: Sequence[MetricValue]) -> str:
    reasons = {
        (of.no_peers.code, tuple(of.no_peers.about.items())): of.no_peers
        for of in values
        if of.no_peers is not None and of.value is not None
    }
    sentences_once = dict.fromkeys(why.sentence for why in reasons.values())
    return "".join(f'<br><span class="fine">{escape(sentence)}.</span>' for sentence in sentences_once)


class Written:
    """Writes the rows of one page; what many people share (peers, reasons, marks) is put into words once."""

    def __init__(self) -> None:
        self._peers: dict[tuple[Peers, Unit], str] = {}
        self._reasons: dict[tuple[object, ...], str] = {}
        self._marks: dict[Standing, str] = {}
        self._names: dict[str, str] = {}
        self._figures: dict[tuple[float | None, Unit], str] = {}
        self._others = _("others %s")
        untold = escape(_("can’t be told, see above"))
        self._nothing = f'<span class="muted" aria-hidden="true">–</span><span class="vh">{untold}</span>'
        self._not_compared, self._before = escape(_("not compared")), _("before: %s")

    def row(
        self,
        values: Sequence[MetricValue],
        weeks: str,
        when: str,
        *,
        never: Collection[str] = frozenset(),
        before: Mapping[str, str] | None,
        as_map: bool,
    ) -> WrittenRow:
        """The cells of one person.

        Args:
            values: one of each column.
            weeks: address of the person's weeks, below which the figures lie.
            when: query that names the period.
            never: metrics that nobody has a figure of; the reason stands once above the column.
            before: figures of the period before by metric, where they stand beside instead of colleagues.
            as_map: cells hold a mark instead of the number.
        """
        standings = tuple(standing_of(value) for value in values)
        weeks, when, cells = escape(weeks), escape(when), []
        for value, standing in zip(values, standings, strict=True):
            href = f"{weeks}{value.spec.key}/{when}"
            if as_map:
                cells.append(self.mark(value, standing, href))
            elif value.spec.key in never:
                cells.append(self._nothing)
            else:
                cells.append(self._cell(value, standing, href, before=before))
        notes = "" if as_map else _notes(values)
        return WrittenRow(weeks, notes, f"<td>{'</td><td>'.join(cells)}</td>", standings)

    def _cell(self, value: MetricValue, standing: Standing, href: str, *, before: Mapping[str, str] | None) -> str:
        """The number with its mark, its likely range, and what it stands beside."""
        of = value.result
        if not isinstance(of, Measured):
            why = self._reason(of)
            return f'<span class="muted" aria-hidden="true">–</span><br><span class="fine">{why}</span>'
        parts = [f'<a class="strong" href="{href}">{self._figure(value)}</a>{self._mark(standing)}']
        if of.low is not None:
            parts.append(f'<span class="fine">{escape(sentences.interval_shown(value))}</span>')
        if before is not None:
            parts.append(f'<span class="fine">{escape(self._before % before.get(value.spec.key, "–"))}</span>')
        elif value.peers is not None:
            parts.append(f'<span class="fine">{self._beside(value.peers, value)}</span>')
        elif value.no_peers is not None:
            parts.append(f'<span class="fine">{self._not_compared}</span>')
        return "<br>".join(parts)

    def mark(self, value: MetricValue, standing: Standing, href: str) -> str:
        """A mark that leads to the figure, with the figure in words for those who hover or cannot see the mark."""
        name = self._name(value)
        if value.not_evaluable is not None:
            words = f"{name}: {self._reason(value.not_evaluable)}"
        else:
            beside = self._not_compared if value.peers is None else self._beside(value.peers, value)
            words = f"{name}: {self._figure(value)}, {beside}"
        shape = self._mark(standing) or (_RING if standing is Standing.ALONE else _DOT)
        return f'<a href="{href}" title="{words}">{shape}<span class="vh">{words}</span></a>'

    def _figure(self, value: MetricValue) -> str:
        place = (value.value, value.spec.unit)
        if place not in self._figures:
            self._figures[place] = escape(value.figure)
        return self._figures[place]

    def _mark(self, standing: Standing) -> str:
        if standing not in self._marks:
            kind = MARKS[standing]
            drawn = render_to_string("metrics/_mark.html", {"kind": kind.value}).strip() if kind else ""
            tone = _TONE.get(kind.value, kind.value) if kind else ""
            self._marks[standing] = f' <span class="verdict verdict--{tone}">{drawn}</span>' if kind else ""
        return self._marks[standing]

    def _name(self, value: MetricValue) -> str:
        if value.metric not in self._names:
            self._names[value.metric] = escape(str(value.spec.name))
        return self._names[value.metric]

    def _beside(self, peers: Peers, value: MetricValue) -> str:
        place = (peers, value.spec.unit)
        if place not in self._peers:
            shown = sentences.peers_shown(peers, value.spec.unit, value.currency)
            self._peers[place] = escape(self._others % shown)
        return self._peers[place]

    def _reason(self, why: NotEvaluable) -> str:
        place = (why.code, *why.about.items())
        if place not in self._reasons:
            self._reasons[place] = escape(why.sentence)
        return self._reasons[place]
