"""What the page of an outcome says to its reader, and what that reader can do next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from headway.core import clock
from headway.core.permissions import can
from headway.detection.sentences import step_label
from headway.outcomes import rules, wording
from headway.outcomes.actions.deciding import LONGEST_EXTENSION, answer_until
from headway.outcomes.judged import StageChange, Verdict
from headway.outcomes.models import OUTCOME_NAMES, Evaluation, FollowUp
from headway.outcomes.preparing import GoalJudged, Prepared, value_words
from headway.outcomes.states import DECIDED, HARSH, STEPS, Outcome, Stage
from headway.people.models import User
from headway.plans import appeals
from headway.plans.models import GOAL_KINDS, Plan
from headway.plans.states import FLOWS, Flow, PlanKind
from headway.plans.wording import day, figure_text, money, number, share
from headway.running.ledger import unanswered
from headway.web.context import link

STEP_WORDS = {
    "propose": gettext_lazy("proposed"),
    "answer": gettext_lazy("answered"),
    "agree": gettext_lazy("answered"),
    "return": gettext_lazy("sent back"),
    "confirm": gettext_lazy("confirmed"),
    "confirm_unanswered": gettext_lazy("confirmed without an answer"),
    "appeal": gettext_lazy("appealed"),
    "decide_appeal": gettext_lazy("decided the appeal"),
}


def context(
    plan: Plan, evaluation: Evaluation | None, *, by: User, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    """Everything the template needs. typed: words that could not be kept, shown again."""
    base = {"plan": plan, "person": plan.person, "evaluation": evaluation, "typed": typed or {}, "today": clock.today()}
    if evaluation is None:
        return {
            **base,
            "title": _("Nobody has judged this plan yet"),
            "may_prepare": bool(can(by, "outcome.prepare", plan)),
            "states": wording.states_bar(None),
        }
    prepared = Prepared.from_json(evaluation.prepared)
    return {
        **base,
        "title": wording.title_of(evaluation, prepared),
        "lead": _lead(evaluation, prepared),
        "prepared": prepared,
        "states": wording.states_bar(evaluation),
        "goals": [_goal(goal, prepared.currency) for goal in prepared.goals],
        "support": [_support(line) for line in prepared.support],
        "steps": [
            {"row": step, "did": STEP_WORDS[step.step], "outcome": wording.outcome_name(step.outcome)}
            for step in evaluation.steps.all()
        ],
        "speaks_for": wording.outcome_name(prepared.speaks_for),
        "stage_label": evaluation.get_stage_display(),
        **_verdict(prepared),
        **_next(plan, evaluation, by),
        "follow_ups": _follow_ups(plan, evaluation),
        "known_on": prepared.as_of,
    }


def _follow_ups(plan: Plan, evaluation: Evaluation) -> list[tuple[FollowUp, str]]:
    """What comes after, each with how long after the one before: what holds needs less and less."""
    found, before = [], evaluation.decided_on
    for row in plan.follow_ups.all():
        weeks = round((row.due_on - before).days / 7) if before else 0
        found.append((row, ngettext("%d week later", "%d weeks later", weeks) % weeks if weeks > 0 else ""))
        before = row.due_on
    return found


def _lead(evaluation: Evaluation, prepared: Prepared) -> str:
    if evaluation.stage in DECIDED and evaluation.decided_on:
        return _("Decided on %(day)s. %(goals)s, %(gain)s.") % {
            "day": day(evaluation.decided_on, year=True),
            "goals": wording.goals_words(prepared),
            "gain": wording.gain_words(prepared),
        }
    if evaluation.outcome:
        return f"{wording.goals_words(prepared)}, {wording.gain_words(prepared)}."
    return _("Figures, observations and both sides in one place. The program advises; a named person decides.")


def _goal(goal: GoalJudged, currency: str) -> dict[str, Any]:
    words, tone = wording.met_words(goal)
    began = figure_text(goal.baseline, goal.unit, currency) if goal.baseline is not None else "–"
    span = ""
    if goal.low is not None and goal.high is not None and goal.value is not None and goal.n:
        low, high = figure_text(goal.low, goal.unit, currency), figure_text(goal.high, goal.unit, currency)
        span = _("likely %(low)s to %(high)s, from %(n)d") % {"low": low, "high": high, "n": goal.n}
    return {
        "kind": str(dict(GOAL_KINDS)[goal.kind]),  # type: ignore[index]
        "text": goal.text,
        "began": began,
        "target": figure_text(goal.target, goal.unit, currency),
        "value": value_words(goal, currency),
        "span": span,
        "chip": words,
        "tone": tone,
    }


def _support(line: Any) -> dict[str, Any]:
    full = not line.short and line.given >= line.planned and line.planned > 0
    chip = _("given") if full else _("not due") if not line.planned else f"{line.given} / {line.planned}"
    return {"line": line, "chip": chip, "tone": "good" if full else "signal" if line.short else "line"}


def _verdict(prepared: Prepared) -> dict[str, Any]:
    judged = prepared.judged
    if not isinstance(judged, Verdict):
        sentences = judged.as_json()["sentences"] if judged else [_("No analysis has looked at this plan yet.")]
        return {"verdict": None, "no_verdict": sentences}
    return {
        "verdict": judged,
        "verdict_kind": wording.KINDS[judged.verdict],
        "picture": wording.gain_picture(judged),
        "scale": wording.gain_scale(wording.gain_picture(judged)),
        "stage_rows": [_stage(stage, prepared.currency) for stage in judged.stages],
        "second_look": _second_look(judged),
    }


def _second_look(judged: Verdict) -> str:
    if judged.series_ratio is None or judged.series_low is None or judged.series_high is None:
        return ""
    return _(
        "A second look that leaves the half year before the start out: %(ratio)s of the steps per usual step taken "
        "before it, likely %(low)s to %(high)s."
    ) % {"ratio": share(judged.series_ratio), "low": share(judged.series_low), "high": share(judged.series_high)}


def _stage(stage: StageChange, currency: str) -> tuple[str, str, str, str]:
    def shown(rate: float | None, n: float) -> str:
        if rate is None:
            return "–"
        if stage.key == "deal_size":
            return f"{money(rate, currency)} ({round(n)})"
        if stage.key == "own_leads":
            return _("%s a week") % number(rate, decimals=1)
        return _("%(rate)s of %(n)d") % {"rate": share(rate), "n": round(n)}

    peer = shown(stage.peer_rate, 0).split(" (")[0].removesuffix(_(" of %d") % 0)
    return step_label(stage.key), shown(stage.before_rate, stage.before_n), shown(stage.after_rate, stage.after_n), peer


def _next(plan: Plan, evaluation: Evaluation, by: User) -> dict[str, Any]:
    """The steps open to this reader now. The address of a step carries its name."""
    stage = Stage(evaluation.stage)
    open_steps = {
        name for name, step in STEPS.items() if stage in step.origins and can(by, step.permission, evaluation)
    }
    late = clock.today() > answer_until(evaluation)
    flow = FLOWS[PlanKind(plan.kind)]
    decides = rules.may_decide(
        reader=by.pk, proposed_by=evaluation.proposed_by_id, confirmed_by=evaluation.confirmed_by_id
    ) and not appeals.decided(plan, by)
    owed = unanswered(plan) if "propose" in open_steps or "confirm" in open_steps else ()
    extension = evaluation.outcome == Outcome.EXTENDED and stage in DECIDED
    return {
        "may_prepare": "prepare_again" in open_steps,
        "may_propose": "propose" in open_steps,
        "may_answer": "answer" in open_steps,
        "may_return": "return" in open_steps,
        "may_confirm": "confirm" in open_steps or ("confirm_unanswered" in open_steps and late),
        "waits_until": answer_until(evaluation) if stage == Stage.PROPOSED and flow.hr else None,
        "may_appeal": "appeal" in open_steps and flow.hr,
        "may_decide": "decide_appeal" in open_steps and decides,
        "cannot_decide": "decide_appeal" in open_steps and not decides,
        "may_extend": extension and bool(can(by, "outcome.extend", evaluation)) and _not_written(plan, evaluation),
        "owed": owed,
        "choices": _choices(bool(owed), flow),
        "gentler": _gentler(evaluation),
        "latest_extension": plan.last_on + LONGEST_EXTENSION,
        "ledger_page": link(f"/plans/{plan.pk}/ledger/") if owed else None,
    }


def _gentler(evaluation: Evaluation | None) -> list[tuple[str, str]]:
    """What an outcome may become after an appeal. None is chosen beforehand: that is the named person's to do."""
    out = HARSH | {Outcome.EXTENDED} | ({Outcome(evaluation.outcome)} if evaluation and evaluation.outcome else set())
    return [("", _("choose one")), *((value, str(name)) for value, name in OUTCOME_NAMES if value not in out)]


def _not_written(plan: Plan, evaluation: Evaluation) -> bool:
    return evaluation.extended_to is not None and plan.last_on < evaluation.extended_to


def _choices(owed: bool, flow: Flow) -> list[tuple[str, str, str]]:
    """Outcomes with the reason why one cannot be chosen now ("" if it can)."""
    reasons = {
        "unanswered": _("not while support is unanswered"),
        "no_hr": _("not without HR"),
        "not_warned": _("only after a formal plan"),
    }
    found = []
    for value, name in OUTCOME_NAMES:
        code = rules.forbidden(Outcome(value), unanswered=int(owed), with_hr=flow.hr, warned=flow.warning)
        found.append((str(value), str(name), reasons[code] if code else ""))
    return found
