"""Everything worked out for one day, shared by signals and diagnosis."""

from dataclasses import dataclass, field

import numpy as np

from headway.detection.chances import EFFORT
from headway.detection.estimate import Estimate
from headway.detection.evidence import Evidence
from headway.detection.index import IndexPosterior
from headway.detection.moves import Move
from headway.detection.policy import Policy
from headway.detection.roster import Roster
from headway.detection.rules import NOBODY_BEHIND, Behind
from headway.detection.stage_rows import StageTable
from headway.detection.watch import WatchChart
from headway.stats.arrays import Floats

# below this reliability 'steady' would claim too much
LITTLE = 0.30


@dataclass(frozen=True)
class Analysis:
    """Everything worked out for one day; diagnosis builds on it.

    chances: (people,) with a known end; ramp_weeks: nobody is held to a quota before; ramp_shown: whether the
    data show a ramp or the policy's window is used; meetings: (people, weeks), None where none is recorded;
    warnings: by person, the chart beyond its limit;
    charts: of everybody with any evidence of a fall;
    moves: by person what changed around them within a year;
    behind: how many are behind their quota.
    """

    roster: Roster
    evidence: Evidence
    estimate: Estimate | None
    posterior: IndexPosterior | None
    table: StageTable | None
    chances: Floats
    ramp_weeks: int
    policy: Policy
    currency: str = ""
    ramp_shown: bool = False
    meetings: Floats | None = None
    warnings: dict[int, WatchChart] = field(default_factory=dict)
    charts: tuple[WatchChart, ...] = ()
    moves: dict[int, tuple[Move, ...]] = field(default_factory=dict)
    behind: Behind = NOBODY_BEHIND


def first_name(name: str) -> str:
    """The first word of a name ('Weber, Jonas' -> 'Jonas')."""
    tail = name.split(",", 1)[1] if "," in name else name
    return (tail.split() or [name])[0]


def known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def colleague_share(analysis: Analysis, person: int, attainment: float | None) -> float | None:
    """Share of the quota that a comparable colleague would have reached with the same leads (0.58: 58 %).

    What the person reached, times what colleagues would have made of the last half year's leads over what the person
    made of them; leads found alone count as colleagues find them. None without a quota or where wins are too few.
    """
    expected, observed = same_leads_wins(analysis, person)
    if attainment is None or expected is None:
        return None
    assert analysis.estimate is not None
    assert analysis.table is not None
    own = 1.0
    if EFFORT in analysis.estimate.keys:
        j = analysis.estimate.keys.index(EFFORT)
        found, usual = float(analysis.table.observed[person, j]), float(analysis.table.expected[person, j])
        own += analysis.evidence.self_share * (usual / max(found, 1.0) - 1.0)
    return attainment * own * expected / observed


def same_leads_wins(analysis: Analysis, person: int) -> tuple[float | None, float]:
    """Deals a comparable colleague would have won in the last half year with the same leads, and those won.

    None where a step had fewer than five successes (the chain would be guesswork).
    """
    assert analysis.estimate is not None
    assert analysis.table is not None
    steps = [j for j, m in enumerate(analysis.estimate.measures) if m.kind == "conversion"]
    observed = analysis.table.observed[person, steps]
    expected = analysis.table.expected[person, steps]
    if (observed < 5).any() or not analysis.estimate.measures[steps[-1]].key.endswith("won"):
        return None, float(observed[-1])
    return float(observed[-1] * np.prod(expected / observed)), float(observed[-1])
