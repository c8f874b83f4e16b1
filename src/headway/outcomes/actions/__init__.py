"""Every write of this room."""

from headway.outcomes.actions.after import (
    RelapseSeen,
    answer_relapse,
    do_follow_up,
    keep_relapses,
    keep_verdicts,
    plan_follow_ups,
)
from headway.outcomes.actions.deciding import (
    OutcomeChosen,
    answer_outcome,
    appeal_outcome,
    confirm_outcome,
    decide_appeal,
    end_plan,
    extend_plan,
    note_case_file,
    prepare_evaluation,
    propose_outcome,
    return_outcome,
)

__all__ = [
    "OutcomeChosen",
    "RelapseSeen",
    "answer_outcome",
    "answer_relapse",
    "appeal_outcome",
    "confirm_outcome",
    "decide_appeal",
    "do_follow_up",
    "end_plan",
    "extend_plan",
    "keep_relapses",
    "keep_verdicts",
    "note_case_file",
    "plan_follow_ups",
    "prepare_evaluation",
    "propose_outcome",
    "return_outcome",
]
