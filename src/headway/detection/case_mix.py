"""What makes a lead or deal easier or harder: the columns of a conversion's regression, a block of rows at a time.

Millions of chances times a dozen columns would be the largest array of all, so only the codes are kept.
"""

import numpy as np

from headway.detection.evidence import Chances
from headway.detection.measure import KIND, SLOPE, tenure_basis
from headway.detection.roster import Roster
from headway.stats.arrays import Floats, Ints


class CaseMix:
    """Columns for chances: common level, segment, source, product, score, ramp.

    penalty: (columns,) prior precisions; the last two are those of the common ramp, where days of hire are known.
    """

    def __init__(self, chances: Chances, roster: Roster) -> None:
        self._chances, self._roster = chances, roster
        self._kinds = [
            (codes, values)
            for values in (chances.segment, chances.source, chances.product)
            for codes in (np.unique(values),)
            if codes.size > 1
        ]
        self._segments = np.unique(chances.segment)
        self._scored = bool(chances.scored.any())
        self._ramps = bool(np.isfinite(roster.hired_week).any())
        self.penalty = np.array(self._penalties())

    def _penalties(self) -> list[float]:
        found = [1e-4]
        for codes, _ in self._kinds:
            found += [KIND] * codes.size
        if self._scored:
            found += [SLOPE, 4.0 * SLOPE, KIND]
        if self._ramps:
            if self._segments.size > 1:
                found += [2.0 * SLOPE] * self._segments.size
            found += [SLOPE, SLOPE]
        return found

    def rows(self, pick: Ints | slice) -> Floats:
        """(picked, columns) of some of the chances."""
        c = self._chances
        parts = [np.ones((c.week[pick].size, 1))]
        parts += [(values[pick][:, None] == codes).astype(np.float64) for codes, values in self._kinds]
        if self._scored:
            score = c.levels[c.level[pick]]
            parts.append(np.column_stack([score, score**2 - 1.0, 1.0 - c.scored[pick]]))
        if self._ramps:
            parts += self._ramp(pick)
        return np.concatenate(parts, axis=1)

    def _ramp(self, pick: Ints | slice) -> list[Floats]:
        c = self._chances
        # four-week steps keep the number of different rows small
        basis = tenure_basis(self._roster, c.rep[pick], c.week[pick] // 4 * 4 + 1)
        if self._segments.size <= 1:
            return [basis]
        # long sales cycles ramp more slowly: each segment may bend the common curve (which stays last)
        return [(c.segment[pick][:, None] == self._segments) * basis[:, 1:], basis]
