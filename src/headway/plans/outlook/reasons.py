"""What an answer says to a person."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.plans.evidence import Unit
from headway.plans.wording import chance, figure_text, number


@dataclass(frozen=True)
class Reached:
    """What the sentences speak of. chance: an adequate colleague's; proposed: None where no fair step exists."""

    chance: float
    fair: bool
    enough: bool
    days: int
    cycle: float | None
    proposed: float | None
    target: float
    unit: str
    currency: str
    today: float


def pipeline(found: Reached) -> str:
    """The reason why a target is fair or not, and what would be."""
    words = [_("An adequate colleague in this seat reaches this %(chance)s.") % {"chance": chance(found.chance)}]
    if found.fair:
        words.append(_("That is a fair target."))
    elif not found.enough and found.cycle is not None:
        words.append(
            _(
                "%(days)d days are too short to measure it: half of such deals take longer than %(cycle)s days, and "
                "one and a half times that is needed, %(needed)s days."
            )
            % {
                "days": found.days,
                "cycle": number(found.cycle),
                "needed": number(math.ceil(1.5 * found.cycle)),
            }
        )
        words.append(_("Set an activity or a conversion goal for these days instead."))
    else:
        words.append(_("Fair is what such a colleague reaches 80 times in 100, so this is not a fair target."))
    words.extend(_proposal(found))
    return " ".join(words)


def _proposal(found: Reached) -> list[str]:
    if not found.enough:
        return []
    if found.proposed is None:
        if found.fair:
            return []
        return [_("What would be fair is no step up from today’s pace.")]
    if found.fair and abs(found.proposed - found.target) < 0.005 * found.target:
        return []
    value = figure_text(found.proposed, Unit(found.unit), found.currency)
    if found.fair:
        return [_("Up to %(target)s would still be fair.") % {"target": value}]
    return [_("Fair would be %(target)s.") % {"target": value}]


def few_wins() -> str:
    """Too little past."""
    return _("Too few deals were won so far to forecast from. Twenty won deals would help.")


def few_decisions(n: int, things: str) -> str:
    """Too little to come."""
    return _("Only about %(n)d %(things)s are to be expected in these days: chance would decide. Take more days.") % {
        "n": n,
        "things": things,
    }


def no_peers() -> str:
    """Nobody to compare with."""
    return _("There are too few comparable colleagues to say what is adequate.")


def not_forecast(name: str) -> str:
    """A metric that is not forecast."""
    return _(
        "“%(name)s” is not forecast: chances are told for revenue, deals won, conversions and counts of activity."
    ) % {"name": name}
