"""How evenly potential is spread over the territories of the people shown: named before anybody is held to a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from headway.charts import funnel
from headway.charts.marks import Kind
from headway.home.week import PersonRow
from headway.home.words import percent
from headway.stats.gini import BALANCED, gini

LEAST_TERRITORIES = 3


@dataclass(frozen=True)
class Balance:
    """Territories further than the tolerance from the average, by name; `poor` the sentences on what to mend first."""

    sentence: str
    even: str
    poor: tuple[str, ...]
    steps: tuple[funnel.Step, ...]


def balance_of(rows: Sequence[PersonRow]) -> Balance | None:
    """None where fewer than three of the people have a territory of known potential."""
    known = sorted((r for r in rows if r.potential is not None), key=lambda r: r.name)
    if len(known) < LEAST_TERRITORIES:
        return None
    potential = np.array([r.potential for r in known], dtype=np.float64)
    off = np.abs(potential - 1.0) > BALANCED + 1e-9
    sentence = _("Clearly more or less than the average: %(off)s of %(n)s territories.") % {
        "off": int(off.sum()),
        "n": len(known),
    }
    even = _(
        "Unevenness (Gini) %(gini)s: 0 would be the same for all. Within %(tolerance)s of the average is even."
    ) % {
        "gini": f"{gini(potential, corrected=True):.2f}",
        "tolerance": percent(BALANCED),
    }
    poor = tuple(
        _("%(name)s’s territory holds %(share)s of the average potential: mend that first.")
        % {"name": r.name, "share": percent(float(r.potential or 0.0))}
        for r in known
        if r.potential is not None and r.potential < 1.0 - BALANCED - 1e-9
    )
    return Balance(sentence, even, poor, tuple(_step(r) for r, far in zip(known, off, strict=True) if far))


def _step(row: PersonRow) -> funnel.Step:
    share = float(row.potential or 0.0)
    poor = share < 1.0
    return funnel.Step(
        label=row.name,
        title=_("%(name)s: territory with %(share)s of the average potential")
        % {"name": row.name, "share": percent(share)},
        description=_("Between 85% and 115% is even."),
        kind=Kind.LUCK if poor else Kind.UNKNOWN,
        value=share,
        value_text=percent(share),
        peer=1.0,
        peer_low=1.0 - BALANCED,
        peer_high=1.0 + BALANCED,
        counts=row.team,
        say=_("mend that first") if poor else _("more than the average"),
        peer_text="100%",
        scale_high=max(2.0, share * 1.1),
    )
