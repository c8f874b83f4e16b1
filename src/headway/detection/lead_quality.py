"""How good somebody's leads are on average, as their scores show it."""

import numpy as np

from headway.detection.evidence import Chances
from headway.stats.arrays import Floats
from headway.stats.normal_means import paule_mandel

LEAST_LEADS, LEAST_PEOPLE = 10, 5


def mean_scores(steps: tuple[Chances, ...], people: int) -> Floats | None:
    """(people,) mean score of the chances at the first step that has scores, in standard deviations of a single
    score, pooled as far as people differ by no more than chance; None where nobody differs or nothing is scored.

    One lead's score shows its quality only in part, so case mix takes little of it out. Over hundreds of leads the
    score's own noise is gone: what is left between people's means tells more of their leads than a single score does.
    """
    scored = next((step for step in steps if step.scored.any()), None)
    if scored is None:
        return None
    known = scored.scored
    rep, count, score = scored.rep[known], scored.count[known], scored.levels[scored.level[known]]
    number = np.bincount(rep, count, people)
    enough = number >= LEAST_LEADS
    if enough.sum() < LEAST_PEOPLE:
        return None
    mean = np.bincount(rep, count * score, people) / np.maximum(number, 1.0)
    centre = float(np.average(mean[enough], weights=number[enough]))
    noise = 1.0 / np.maximum(number, 1.0)
    between = paule_mandel(mean[enough] - centre, noise[enough])
    return np.where(number > 0, (mean - centre) * between / (between + noise), 0.0) if between > 0 else None
