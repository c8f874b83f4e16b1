"""Keeps, while a world is drawn, what a judge who knew every difficulty would learn about each person."""

import numpy as np

from bench.simulation.truth import EFFECTS, EFFORT, SIZE, Trail

# how far meetings follow effort, on the log scale
FOLLOW = 0.8


class Notes:
    """Information and precision (people, weeks, effects), expanded around the true effect; and, for every event,
    how likely each of `falls` (kinds, effects) makes it against nothing having changed."""

    def __init__(self, people: int, days: int, falls: np.ndarray) -> None:
        self.shape = (people, days // 7 + 1, EFFECTS)
        self.information, self.precision = np.zeros(self.shape), np.zeros(self.shape)
        self.falls = falls
        self._trail: list[tuple[np.ndarray, ...]] = []

    @property
    def trail(self) -> Trail:
        """Every event that became known."""
        columns = [np.concatenate(part) for part in zip(*self._trail, strict=True)]
        return Trail(*columns)

    def _add(self, column: int, person: np.ndarray, day: np.ndarray, b: np.ndarray, p: np.ndarray) -> None:
        cell = person * self.shape[1] + np.clip(day // 7, 0, self.shape[1] - 1).astype(int)
        size = self.shape[0] * self.shape[1]
        self.information[:, :, column] += np.bincount(cell, b, size).reshape(self.shape[:2])
        self.precision[:, :, column] += np.bincount(cell, p, size).reshape(self.shape[:2])

    def step(self, step: int, person: np.ndarray, day: np.ndarray, good: np.ndarray, chance: np.ndarray,
             effect: np.ndarray) -> None:  # fmt: skip
        """Decided chances: whether good, their true probability, the person's true effect in it."""
        weight = chance * (1 - chance)
        self._add(step, person, day, good - chance + weight * effect, weight)

    def outcome(self, step: int, person: np.ndarray, worked: np.ndarray, known: np.ndarray, good: np.ndarray,
                log_odds: np.ndarray) -> None:  # fmt: skip
        """Decided chances: the days on which skill worked and on which all could know; log odds without a fall."""
        before = np.logaddexp(0.0, log_odds)
        after = log_odds[:, None] + self.falls[:, step]
        ratio = np.where(good[:, None], self.falls[:, step], 0.0) - np.logaddexp(0.0, after) + before[:, None]
        self._trail.append((person, worked // 7, known // 7, ratio))

    def count(self, person: np.ndarray, day: np.ndarray, count: np.ndarray, mean: np.ndarray, follow: float,
              dispersion: float = 1.0) -> None:  # fmt: skip
        """Own leads or meetings of a week; mean: of somebody who goes on as before."""
        moved = follow * self.falls[:, EFFORT]
        ratio = (count[:, None] * moved - mean[:, None] * np.expm1(moved)) / dispersion
        self._trail.append((person, day // 7, day // 7, ratio))

    def size(self, person: np.ndarray, day: np.ndarray, log_ratio: np.ndarray, variance: float) -> None:
        """Won deals: log amount over the usual one."""
        self._add(SIZE, person, day, log_ratio / variance, np.full(person.size, 1 / variance))

    def effort(self, person: np.ndarray, day: np.ndarray, count: np.ndarray, mean: np.ndarray, effect: np.ndarray,
               dispersion: float = 1.0) -> None:  # fmt: skip
        """Own leads in a stretch of time: how many, their true mean, the true effect."""
        self._add(EFFORT, person, day, (count - mean + mean * effect) / dispersion, mean / dispersion)
