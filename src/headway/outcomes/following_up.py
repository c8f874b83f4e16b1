"""What is done at each follow-up after a plan, and for which gap."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.detection.sentences import step_label
from headway.plans.keeping import draft_of
from headway.plans.models import Plan

# kind and minutes of each follow-up, in their order (after 1, 2, 4, 8 and 16 weeks, each counted from the one before)
FOLLOW_UPS = (("coaching", 20), ("refresher", 30), ("refresher", 30), ("coaching", 20), ("look_back", 30))


@dataclass(frozen=True)
class FollowUpWords:
    """What to do, and which gap it keeps closed."""

    text: str
    gap_key: str


def follow_up_words(plan: Plan, kind: str, number: int) -> FollowUpWords:
    """The words of a follow-up: refreshers go through the plan's gaps in turn, the heaviest goal first."""
    draft = draft_of(plan)
    goals = sorted((goal for goal in draft.goals if goal.gap_key), key=lambda goal: -goal.weight)
    gaps = list(dict.fromkeys(goal.gap_key for goal in goals))
    gap = gaps[(number // 2) % len(gaps)] if gaps else ""
    about = step_label(gap) if gap else _("what the plan was about")
    words = {
        "coaching": _("Twenty minutes together on one recent case: %s. What has become a habit, what slips?"),
        "refresher": _("Half an hour’s refresher: %s. Repeat the exercise that helped most in the plan."),
        "look_back": _("Look back together over the months since the plan: %s. Is anything needed any more?"),
    }[kind]
    return FollowUpWords(words % about, gap)
