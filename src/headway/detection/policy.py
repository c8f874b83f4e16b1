"""The company's rules for naming people: thresholds and triggers, versioned."""

from dataclasses import dataclass

from headway.detection.triggers.trigger import Trigger


@dataclass(frozen=True)
class Policy:
    """Thresholds and triggers of a policy version.

    under, fine: bounds of the index; *_false_discovery: share of fine people tolerated in a tier;
    support_p_under: least chance of being under to be named (and never below that of being fine); ramp_weeks:
    window in which nobody is held to a quota, used where the data cannot tell the ramp; triggers: the company's own
    plain rules, which run beside the engine and change no level.
    """

    version: str = "headway-default-1"
    under: float = 0.70
    fine: float = 0.85
    support_false_discovery: float = 0.10
    support_p_under: float = 0.35
    formal_false_discovery: float = 0.05
    formal_p_under: float = 0.90
    formal_reliability: float = 0.70
    watch_p_under: float = 0.30
    change_probability: float = 0.80
    ramp_weeks: int = 26
    least_tenure_weeks: int = 8
    least_outcomes: int = 8
    least_colleagues: int = 5
    window_weeks: int = 130
    quota_days: int = 185
    quota_missed_below: float = 0.85
    shared_from: float = 0.67
    poor_territory_below: float = 0.85
    triggers: tuple[Trigger, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.under < self.fine:
            raise ValueError("a policy needs 0 < under < fine")
        for key in SHARES:
            if not 0 <= getattr(self, key) <= 1:
                raise ValueError(f"{key} is a share between 0 and 1, not {getattr(self, key):g}")
        for key in COUNTS:
            if getattr(self, key) < 1:
                raise ValueError(f"{key} is at least 1, not {getattr(self, key)}")
        names = [trigger.name for trigger in self.triggers]
        double = next((name for name in names if names.count(name) > 1), None)
        if double is not None:
            raise ValueError(f"two triggers are called {double!r}; give each a name of its own")


SHARES = (
    "support_false_discovery",
    "support_p_under",
    "formal_false_discovery",
    "formal_p_under",
    "formal_reliability",
    "watch_p_under",
    "change_probability",
)
COUNTS = ("ramp_weeks", "least_tenure_weeks", "least_outcomes", "least_colleagues", "window_weeks", "quota_days")
DEFAULT = Policy()
