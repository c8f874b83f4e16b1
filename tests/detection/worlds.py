"""Small simulated sales forces, made once per test run."""

from functools import lru_cache

from bench.simulation.daily import simulate
from bench.simulation.memory_facts import MemoryFacts
from bench.simulation.truth import Truth, World
from headway.detection.engine import signals
from headway.detection.signal import SignalReport


@lru_cache(maxsize=8)
def world(**settings: object) -> tuple[MemoryFacts, Truth, SignalReport]:
    """Facts, truth and report of a world."""
    facts, truth = simulate(World(**settings))  # type: ignore[arg-type]
    return facts, truth, signals(facts, history_weeks=4)
