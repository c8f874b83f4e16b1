"""What was counted before and after a day."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BeforeAfter:
    """What was counted in the year before a day and since then; `kind` as in Measure ("activity" too).

    done and total count decided chances for a conversion; otherwise `done` is per week (leads, meetings) or a
    typical amount, and `total` the weeks or deals counted.
    """

    key: str
    kind: str
    done_before: float
    total_before: float
    done_after: float
    total_after: float

    @property
    def before(self) -> float:
        return self.done_before / self.total_before if self.kind == "conversion" else self.done_before

    @property
    def after(self) -> float:
        return self.done_after / self.total_after if self.kind == "conversion" else self.done_after
