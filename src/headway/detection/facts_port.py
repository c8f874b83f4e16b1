"""The facts as this room asks for them: the same face that `metrics` asks for."""

from headway.metrics.canonical import FactsLike

__all__ = ["FactsLike"]
