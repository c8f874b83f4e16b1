"""How a plan's end is decided: prepared, proposed, answered, confirmed or sent back, appealed against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.outcomes import preparing, rules, states
from headway.outcomes.models import Evaluation, EvaluationStep
from headway.outcomes.states import WAITING, Outcome, Stage
from headway.people.models import User
from headway.plans import actions as plan_actions
from headway.plans.amending import AmendedPlan, GoalAmended
from headway.plans.models import Amendment, Plan
from headway.plans.states import FLOWS, RUNNING, PlanKind, PlanState
from headway.running.ledger import unanswered

LONGEST_WORDS = 20_000
LONGEST_EXTENSION = timedelta(days=92)
# So long the person may think about the answer; then HR may go on without it.
ANSWER_DAYS = 7


@dataclass(frozen=True)
class OutcomeChosen:
    """What the manager proposes, on which page (`seen_hash`). extended_to: the new last day, for "extended" alone."""

    outcome: Outcome
    words: str
    seen_hash: str
    extended_to: date | None = None


@action(permission="outcome.prepare", event="outcome.prepared", locks="plan")
def prepare_evaluation(*, plan: Plan, by: Actor) -> Evaluation:
    """Gather figures, observations, verdict, support and circumstances as of today; again, as long as it is a draft.

    Raises:
        Conflict: the plan does not run, or an outcome is proposed already.
    """
    if plan.state not in RUNNING | {PlanState.PAUSED}:
        raise Conflict(_("Only a plan that runs can be judged; this one is %s") % plan.get_state_display())
    row = plan.evaluations.filter(stage__in=sorted(WAITING)).first()
    if row is not None and states.after("prepare_again", Stage(row.stage)) is None:
        raise Conflict(_("An outcome is proposed already"), todo=_("Wait for the answer, or for HR to send it back."))
    row = row or Evaluation(plan=plan, made_at=clock.now(), version=0)
    row.as_of = clock.today()
    row.prepared_text, row.prepared_hash = preparing.text_and_hash(preparing.prepare(plan, by=by))
    row.version += 1
    row.save()
    audit.detail(plan=plan.pk, prepared=row.prepared_hash)
    return row


@action(permission="outcome.propose", event="outcome.proposed", locks="evaluation")
def propose_outcome(*, evaluation: Evaluation, chosen: OutcomeChosen, by: Actor) -> Evaluation:
    """The manager says how the plan should end, and why; the person reads it and answers next.

    Raises:
        Conflict: it is proposed already, or the page showed older figures.
        BadInput: no reason, an outcome that cannot be chosen now, or an impossible new last day.
    """
    stage = _check(evaluation, "propose")
    if chosen.seen_hash != evaluation.prepared_hash:
        raise Conflict(
            _("The figures were prepared again in the meantime"), todo=_("Read the page again, then choose.")
        )
    words = _words(chosen.words, _("An outcome needs a reason"), _("Say in your own words what it rests on."))
    _check_choice(evaluation.plan, chosen.outcome)
    evaluation.extended_to = _extension(evaluation.plan, chosen)
    evaluation.outcome = chosen.outcome
    evaluation.proposed_by, evaluation.proposed_on = _user(by), clock.today()
    return _take(evaluation, stage, "propose", words, by)


@action(permission="outcome.answer", event="outcome.answered", locks="evaluation")
def answer_outcome(*, evaluation: Evaluation, words: str, by: Actor) -> Evaluation:
    """The person answers in the own words. A plan that never went to HR ends with it.

    Raises:
        Conflict: nothing waits for an answer.
        BadInput: there are no words.
    """
    kept = _words(words, _("An answer needs words"), _("A sentence is enough; “I have read it” is an answer too."))
    if _with_hr(evaluation.plan):
        return _take(evaluation, _check(evaluation, "answer"), "answer", kept, by)
    stage = _check(evaluation, "agree")
    evaluation.decided_on = clock.today()
    return _take(evaluation, stage, "agree", kept, by)


@action(permission="outcome.confirm", event="outcome.returned", locks="evaluation")
def return_outcome(*, evaluation: Evaluation, words: str, by: Actor) -> Evaluation:
    """HR sends the proposal back with reasons."""
    stage = _check(evaluation, "return")
    return _take(evaluation, stage, "return", _words(words, _("Sending back needs a reason")), by)


@action(permission="outcome.confirm", event="outcome.confirmed", locks="evaluation")
def confirm_outcome(*, evaluation: Evaluation, words: str, by: Actor) -> Evaluation:
    """HR confirms: it holds, and unless the plan is extended it is closed.

    Raises:
        Conflict: the person has not answered and still may, or the reader proposed it.
        BadInput: no reason, or the outcome cannot be chosen any more.
    """
    step = "confirm" if evaluation.stage == Stage.ANSWERED else "confirm_unanswered"
    stage = _check(evaluation, step)
    if step == "confirm_unanswered" and clock.today() <= answer_until(evaluation):
        raise Conflict(
            _("%(name)s may still answer, until %(day)s")
            % {"name": evaluation.plan.person.first_name, "day": answer_until(evaluation).isoformat()}
        )
    if by.pk is not None and by.pk == evaluation.proposed_by_id:
        raise Conflict(_("Whoever proposed an outcome does not confirm it"))
    kept = _words(words, _("A confirmation needs a reason"))
    _check_choice(evaluation.plan, Outcome(evaluation.outcome))
    evaluation.confirmed_by, evaluation.decided_on = _user(by), clock.today()
    found = _take(evaluation, stage, step, kept, by)
    if evaluation.outcome != Outcome.EXTENDED:
        reason = _("Outcome: %s") % evaluation.get_outcome_display()
        plan_actions.close_plan(plan=evaluation.plan, reason=reason, by=by)
    return found


@action(permission="followup.plan", event="outcome.plan_ended", locks="evaluation")
def end_plan(*, evaluation: Evaluation, by: Actor) -> Evaluation:
    """Close a plan whose outcome holds and that still runs: one without HR. Doing it twice changes nothing."""
    goes_on = evaluation.outcome == Outcome.EXTENDED or evaluation.plan.state not in RUNNING | {PlanState.PAUSED}
    if evaluation.stage in states.DECIDED and not goes_on:
        reason = _("Outcome: %s") % evaluation.get_outcome_display()
        plan_actions.close_plan(plan=evaluation.plan, reason=reason, by=by)
    return evaluation


@action(permission="outcome.extend", event="outcome.extension_written", locks="evaluation")
def extend_plan(*, evaluation: Evaluation, by: Actor) -> Amendment:
    """Write the confirmed extension as an amendment: it holds once the person has signed for it.

    Raises:
        Conflict: no extension was confirmed, or the plan does not run.
    """
    if evaluation.outcome != Outcome.EXTENDED or evaluation.stage not in states.DECIDED or not evaluation.extended_to:
        raise Conflict(_("No extension was confirmed"))
    plan, until = evaluation.plan, evaluation.extended_to
    met = {goal.key for goal in preparing.Prepared.from_json(evaluation.prepared).goals if goal.met}
    goals = {goal.key: GoalAmended(by=until) for goal in plan.goals.all() if goal.key not in met and goal.by < until}
    change = AmendedPlan(goals=goals, last_on=until)
    reason = _("Extended until %s, as decided at the end of the plan") % until.isoformat()
    return plan_actions.propose_amendment(plan=plan, change=change, reason=reason, by=by)


@action(permission="outcome.appeal", event="outcome.appealed", locks="evaluation")
def appeal_outcome(*, evaluation: Evaluation, words: str, by: Actor) -> Evaluation:
    """The person appeals; somebody who neither proposed nor confirmed decides."""
    stage = _check(evaluation, "appeal")
    kept = _words(words, _("An appeal needs words"), _("Say what you object to."))
    plan_actions.appeal(plan=evaluation.plan, text=kept, by=by)
    return _take(evaluation, stage, "appeal", kept, by)


@action(permission="outcome.decide_appeal", event="outcome.appeal_decided", locks="evaluation")
def decide_appeal(
    *, evaluation: Evaluation, upheld: bool, words: str, outcome: Outcome | None = None, by: Actor
) -> Evaluation:
    """Decide the appeal. Upheld, the outcome becomes another one.

    Raises:
        Conflict: nothing is appealed against, or the reader proposed or confirmed the outcome.
        BadInput: no reason, or upheld without another outcome.
    """
    stage = _check(evaluation, "decide_appeal")
    ids = {"proposed_by": evaluation.proposed_by_id, "confirmed_by": evaluation.confirmed_by_id}
    if not rules.may_decide(reader=by.pk, **ids):
        raise Conflict(
            _("Whoever proposed or confirmed an outcome does not decide the appeal against it"),
            todo=_("Ask a colleague in HR, or a leader."),
        )
    kept = _words(words, _("A decision needs a reason"))
    if upheld:
        if outcome is None or outcome == evaluation.outcome or outcome in states.HARSH or outcome is Outcome.EXTENDED:
            raise BadInput(_("An appeal that is upheld needs another outcome, and no harsher one"))
        evaluation.outcome = outcome
    evaluation.decided_on = clock.today()
    audit.detail(upheld=upheld)
    decided = _take(evaluation, stage, "decide_appeal", kept, by)
    plan_actions.answer_appeal(plan=evaluation.plan, upheld=upheld, answer=kept, by=by)
    return decided


@action(permission="outcome.view", event="outcome.case_file_made", about="plan")
def note_case_file(*, plan: Plan, sha256: str, by: Actor) -> None:
    """Write down that somebody took the whole case away, with the file's hash."""
    audit.detail(plan=plan.pk, sha256=sha256)


def answer_until(evaluation: Evaluation) -> date:
    """The last day on which HR waits for the person's answer."""
    return (evaluation.proposed_on or evaluation.as_of) + timedelta(days=ANSWER_DAYS)


def _with_hr(plan: Plan) -> bool:
    return FLOWS[PlanKind(plan.kind)].hr


def _check(evaluation: Evaluation, step: str) -> Stage:
    """The stage after a step.

    Raises:
        Conflict: the step does not lead on from where the evaluation is.
    """
    found = states.after(step, Stage(evaluation.stage))
    if found is None:
        raise Conflict(
            _("This cannot be done now: the outcome is %s") % evaluation.get_stage_display(),
            todo=_("Load the page again."),
        )
    return found


def _check_choice(plan: Plan, outcome: Outcome) -> None:
    open_lines = unanswered(plan)
    flow = FLOWS[PlanKind(plan.kind)]
    code = rules.forbidden(outcome, unanswered=len(open_lines), with_hr=flow.hr, warned=flow.warning)
    if code == "unanswered":
        raise BadInput(
            _("This outcome cannot be chosen while support the company owes is unanswered"),
            value="; ".join(line.text for line in open_lines),
            todo=_("Answer for it on the page of both sides first."),
        )
    if code == "no_hr":
        raise BadInput(_("A growth plan cannot end like this: HR never looked at it"))
    if code == "not_warned":
        raise BadInput(
            _("The employment can end only with a formal plan, which warned of it"), todo=_("Choose another outcome.")
        )


def _extension(plan: Plan, chosen: OutcomeChosen) -> date | None:
    if chosen.outcome is not Outcome.EXTENDED:
        return None
    day = chosen.extended_to
    if day is None or not plan.last_on < day <= plan.last_on + LONGEST_EXTENSION:
        raise BadInput(
            _("An extension needs a new last day"),
            value=day.isoformat() if day else None,
            todo=_("Choose one from %(first)s to %(last)s.")
            % {
                "first": (plan.last_on + timedelta(days=1)).isoformat(),
                "last": (plan.last_on + LONGEST_EXTENSION).isoformat(),
            },
        )
    return day


def _words(text: str, missing: str, todo: str | None = None) -> str:
    found = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not found:
        raise BadInput(missing, todo=todo)
    if len(found) > LONGEST_WORDS:
        raise BadInput(_("This is too long"), value=len(found), todo=_("Keep it under 20,000 characters."))
    return found


def _user(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def _take(evaluation: Evaluation, stage: Stage, step: str, words: str, by: Actor) -> Evaluation:
    """Write a step down and go on to its stage."""
    EvaluationStep(
        evaluation=evaluation, step=step, outcome=evaluation.outcome, words=words, by=_user(by), by_name=by.name,
        by_role=by.role, prepared_hash=evaluation.prepared_hash, at=clock.now(),
    ).save()  # fmt: skip
    evaluation.stage = stage
    evaluation.version += 1
    evaluation.save()
    audit.detail(plan=evaluation.plan_id, outcome=evaluation.outcome, stage=str(stage), words=words)
    return evaluation
