"""Records of this room, by noun."""

from headway.plans.models.forecast import ForecastLog, ReachRecord
from headway.plans.models.paper import FrozenPaper, PaperKind
from headway.plans.models.plan import GOAL_KINDS, STATE_NAMES, Plan, PlanGoal, PlanPromise
from headway.plans.models.review import HrReview
from headway.plans.models.running import Amendment, AmendmentState, Appeal, AppealState, Pause
from headway.plans.models.signing import FirstMeeting, Signature, SignatureKind
from headway.plans.models.talk import Comment, CommentState, Proposal, ProposalState
from headway.plans.models.version import PlanVersion, VersionKind

__all__ = [
    "GOAL_KINDS",
    "STATE_NAMES",
    "Amendment",
    "AmendmentState",
    "Appeal",
    "AppealState",
    "Comment",
    "CommentState",
    "FirstMeeting",
    "ForecastLog",
    "FrozenPaper",
    "HrReview",
    "PaperKind",
    "Pause",
    "Plan",
    "PlanGoal",
    "PlanPromise",
    "PlanVersion",
    "Proposal",
    "ProposalState",
    "ReachRecord",
    "Signature",
    "SignatureKind",
    "VersionKind",
]
