"""What a company may write into its policy: plain rules that run beside the engine."""

from dataclasses import dataclass
from enum import StrEnum


class TriggerKind(StrEnum):
    """What a trigger looks at."""

    QUOTA = "quota"
    ACTIVITY = "activity"
    CONVERSION = "conversion"


class Every(StrEnum):
    """The calendar periods a trigger counts in."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Trigger:
    """One rule: somebody is named when `in_a_row` periods, the newest included, all fall below the floor.

    quota: below = share of quota (0 to 2); activity: at_least of `activity` ("all" or a kind) a period, for the
    days at work; conversion: below = share of the rate of comparable colleagues from stage `before` to `after`,
    where at least `least` chances were decided.
    """

    name: str
    kind: TriggerKind
    every: Every
    in_a_row: int = 1
    below: float | None = None
    at_least: float | None = None
    activity: str = "all"
    before: str = ""
    after: str = ""
    least: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.in_a_row <= 26:
            raise ValueError(f"the trigger {self.name!r} counts 1 to 26 periods in a row, not {self.in_a_row}")
        if self.kind is TriggerKind.ACTIVITY:
            if self.at_least is None or self.at_least <= 0:
                raise ValueError(f"the trigger {self.name!r} needs at_least, a number above 0")
        elif self.below is None or not 0 < self.below <= 2:
            raise ValueError(f"the trigger {self.name!r} needs below, a share between 0 and 2 such as 0.7")
        if self.kind is TriggerKind.CONVERSION and not (self.before and self.after):
            raise ValueError(f"the trigger {self.name!r} needs the stages from and to")
        if self.kind is TriggerKind.QUOTA and self.every is Every.WEEK:
            raise ValueError(f"the trigger {self.name!r} holds nobody to a weekly quota; use month or quarter")

    @property
    def bridge(self) -> bool:
        """Whether periods away are passed over instead of breaking the row: for effort, counted by week."""
        return self.kind is TriggerKind.ACTIVITY
