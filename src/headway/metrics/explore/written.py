"""Cells of a table or map of figures as markup. Written in code, since a page has hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from headway.metrics import sentences
from headway.metrics.explore.standing import MARKS, Standing
from headway.metrics.spec import Unit
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers

_TONE = {"early": "unknown"}
_DOT = '<i class="dotmark" aria-hidden="true"></i>'


class Written:
    """Writes the cells of one page; what many people share (peers, reasons, marks) is put into words once."""

    def __init__(self) -> None:
        self._peers: dict[tuple[Peers, Unit], str] = {}
        self._reasons: dict[tuple[object, ...], str] = {}
        self._marks: dict[Standing, str] = {}
        self._names: dict[str, str] = {}
        self._others = _("others %s")
        self._not_compared, self._before = escape(_("not compared")), _("before: %s")

    def cell(
        self, value: MetricValue, standing: Standing, href: str, *, before: Mapping[str, str] | None
    ) -> SafeString:
        """The number with its mark, its likely range, and what it stands beside."""
        if value.not_evaluable is not None:
            why = self._reason(value.not_evaluable)
            return mark_safe(f'<span class="muted" aria-hidden="true">–</span><br><span class="fine">{why}</span>')
        parts = [f'<a class="strong" href="{escape(href)}">{escape(value.figure)}</a>{self._mark(standing)}']
        likely = sentences.interval_shown(value) if isinstance(value.result, Measured) else ""
        if likely:
            parts.append(f'<span class="fine">{escape(likely)}</span>')
        if before is not None:
            parts.append(f'<span class="fine">{escape(self._before % before.get(value.metric, "–"))}</span>')
        elif value.peers is not None:
            parts.append(f'<span class="fine">{self._beside(value.peers, value)}</span>')
        elif value.no_peers is not None:
            parts.append(f'<span class="fine">{self._not_compared}</span>')
        return mark_safe("<br>".join(parts))

    def mark(self, value: MetricValue, standing: Standing, href: str) -> SafeString:
        """A mark that leads to the figure, with the figure in words for those who hover or cannot see the mark."""
        name = self._name(value)
        if value.not_evaluable is not None:
            words = f"{name}: {self._reason(value.not_evaluable)}"
        elif value.peers is not None:
            words = f"{name}: {escape(value.figure)}, {self._beside(value.peers, value)}"
        else:
            words = f"{name}: {escape(value.figure)}, {self._not_compared}"
        shape = self._mark(standing) or _DOT
        return mark_safe(f'<a href="{escape(href)}" title="{words}">{shape}<span class="vh">{words}</span></a>')

    def row(self, cells: Sequence[SafeString]) -> SafeString:
        """The cells of one person."""
        return mark_safe("".join(f"<td>{cell}</td>" for cell in cells))

    def notes(self, values: Sequence[MetricValue]) -> tuple[str, ...]:
        """Why some of a person's figures are not compared, each reason once."""
        reasons = {
            (of.no_peers.code, tuple(of.no_peers.about.items())): of.no_peers
            for of in values
            if of.value is not None and of.no_peers is not None
        }
        return tuple(dict.fromkeys(why.sentence for why in reasons.values()))

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
