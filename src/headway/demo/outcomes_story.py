"""How the plans of 2025 ended, and what came after, by the real actions on their days.

Philipp's was partly met, with refreshers after it. Nina's figures could not tell: extended, signed for, then met.
Daniel's was called not met; he appealed, and Henrik found that the company had not kept its side. Stefan's was met.
Jonas had a growth plan of his own wish, which was met; in spring 2026 the relapse watch sees a renewed drop, which
leads to a talk and the diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.demo.cast import account, at
from headway.outcomes import actions, figures
from headway.outcomes.looking import look, look_at_running
from headway.outcomes.models import Evaluation
from headway.outcomes.states import Outcome
from headway.people.models import User
from headway.plans import actions as plan_actions
from headway.plans.models import Plan
from headway.plans.queries import open_amendment
from headway.plans.states import PlanState
from headway.running.actions.check_ins import hold_check_in, schedule_check_ins
from headway.running.actions.ledger import answer_support, give_support
from headway.running.actions.measuring import count_goal, score_practice
from headway.running.ledger import unanswered
from headway.running.refreshing import refresh

HR = "Hanne Dijkstra"
LAST_YEAR = date(2026, 1, 1)
_RUBRIC = ("Names the value first", "Asks before lowering", "Agrees a dated next step")


def tell(*, say: Callable[[str], None]) -> None:
    """End last year's plans, look after them, and see what is new today."""
    say("Telling how last year's plans ended ...")
    for name in ("Philipp Krämer", "Nina Petrova", "Daniel Okafor", "Stefan Albers", "Jonas Weber"):
        plan = Plan.objects.select_related("person", "manager").get(
            person__name=name, state=PlanState.ACTIVE, start_on__lt=LAST_YEAR
        )
        assert plan.manager is not None
        _TOLD[name](_End(plan, account(name), account(plan.manager.name)))
    look(by=SYSTEM)
    figures.refresh(by=SYSTEM)


@dataclass(frozen=True)
class _End:
    """One plan at its end."""

    plan: Plan
    rep: User
    manager: User

    def weeks(self, share: int, *, counted: bool = True) -> None:
        """Check-ins take place: all of them (1), or every second one (2); what no export knows is counted there."""
        with clock.at(at(self.plan.start_on.isoformat(), 7)):
            schedule_check_ins(plan=self.plan, by=SYSTEM)
        for number, meeting in enumerate(self.plan.meetings.filter(state="planned", on__lte=self.plan.last_on)):
            if number % share == 0:
                with clock.at(at(meeting.on.isoformat(), 13)):
                    hold_check_in(check_in=meeting, held_on=meeting.on, by=self.manager)
                    if share == 1 and counted:
                        self._counted(meeting.on, number)

    def _counted(self, on: date, number: int) -> None:
        for goal in self.plan.goals.all():
            if goal.metric_key == "role_play":
                score_practice(
                    plan=self.plan, kind="role_play", competency="negotiation", held_on=on,
                    marks=[(line, min(5.0, 2.0 + number)) for line in _RUBRIC], by=self.manager,
                )  # fmt: skip
            elif goal.metric_key == "customer_replies":
                few = self.plan.meetings.count() < goal.target
                count_goal(plan=self.plan, goal_key=goal.key, value=1 + few, of=None, counted_on=on, by=self.manager)
            elif goal.metric_key == "prospecting_blocks":
                count_goal(plan=self.plan, goal_key=goal.key, value=goal.target + number % 2, of=None, counted_on=on,
                           by=self.manager)  # fmt: skip
            elif goal.key == "activity" and str(goal.detail.get("unit", "")) == "share":
                count_goal(plan=self.plan, goal_key=goal.key, value=7, of=7 + (number < 1), counted_on=on,
                           by=self.manager)  # fmt: skip

    def support(self, share: int, *, counted: bool = True) -> None:
        """What was promised is given in time: all of it (1), or every second thing (2)."""
        self.weeks(share, counted=counted)
        given = set(self.plan.ledger_entries.values_list("key", flat=True))
        for number, promise in enumerate(self.plan.promises.all()):
            if number % share == 0 and promise.kind != "coaching" and promise.key not in given:
                on = max(promise.due - timedelta(days=2), self.plan.start_on)
                with clock.at(at(on.isoformat(), 14)):
                    give_support(promise=promise, on=on, hours=promise.hours, by=self.manager)

    def answers(self, *words: str) -> None:
        """The manager answers for what was not given, promise by promise; the last words for all that are left."""
        with clock.at(at(self.day(1), 9)):
            for place, line in enumerate(unanswered(self.plan)):
                text = words[min(place, len(words) - 1)]
                answer_support(plan=self.plan, key=line.key, answer=text, by=self.manager)

    def day(self, after: int) -> str:
        """A day so many days after the last one."""
        self.plan.refresh_from_db()
        return (self.plan.last_on + timedelta(days=after)).isoformat()

    def prepared(self) -> Evaluation:
        """Measured, looked at and gathered on the first day after the plan."""
        with clock.at(at(self.day(1), 6)):
            refresh(by=SYSTEM)
            look_at_running(by=SYSTEM)
        with clock.at(at(self.day(1), 10)):
            return actions.prepare_evaluation(plan=self.plan, by=self.manager)

    def decided(
        self, outcome: Outcome, *, says: str, answer: str, confirms: str, extended_to: date | None = None
    ) -> Evaluation:
        """Proposed, answered and confirmed within five days."""
        made = self.prepared()
        with clock.at(at(self.day(1), 11)):
            chosen = actions.OutcomeChosen(outcome, says, made.prepared_hash, extended_to)
            made = actions.propose_outcome(evaluation=made, chosen=chosen, by=self.manager)
        with clock.at(at(self.day(3), 15)):
            made = actions.answer_outcome(evaluation=made, words=answer, by=self.rep)
        with clock.at(at(self.day(5), 10)):
            made = actions.confirm_outcome(evaluation=made, words=confirms, by=account(HR))
            actions.plan_follow_ups(evaluation=made, by=SYSTEM)
        return made

    def follow_ups(self, notes: tuple[str, ...]) -> None:
        """Refreshers that took place, in their order; the others are still on the calendar, or were missed."""
        for row, note in zip(self.plan.follow_ups.order_by("number"), notes, strict=False):
            with clock.at(at(row.due_on.isoformat(), 16)):
                actions.do_follow_up(follow_up=row, on=row.due_on, note=note, by=self.manager)


def _philipp(end: _End) -> None:
    end.support(1)
    end.decided(
        Outcome.PARTLY,
        says="What we count together is there, and the talks are better. Revenue needs more time than a plan has.",
        answer="That is fair. The mentor helped most; please keep the hour on Thursdays.",
        confirms="Like the other cases of this spring; the support was given in time.",
    )
    end.follow_ups(("Two calls heard; he asks who decides.", "Price role-play again, 3.5.", "", "Still a habit."))


def _nina(end: _End) -> None:
    end.support(1, counted=False)
    until = end.plan.last_on + timedelta(days=42)
    made = end.decided(
        Outcome.EXTENDED,
        says="The figures cannot tell yet. Six more weeks say more than a guess today.",
        answer="I would rather know too. Six weeks are fine.",
        confirms="Right: nobody should be judged on so few deals.",
        extended_to=until,
    )
    with clock.at(at(end.day(6), 10)):
        actions.extend_plan(evaluation=made, by=end.manager)
        amendment = open_amendment(end.plan)
        assert amendment is not None
        typed = plan_actions.SignatureTyped(end.rep.name, True, amendment.version.content_hash)
        plan_actions.consent_to_amendment(plan=end.plan, typed=typed, by=end.rep)
    end.support(1)
    end.answers("Two coaching hours moved into October; they took place.")
    end.decided(
        Outcome.PARTLY,
        says="After six more weeks the habits are there. I would let it end here.",
        answer="Good. I keep the checklist.",
        confirms="The extension did what it was for.",
    )
    end.follow_ups(("Checklist in use.", "Refresher held.", "Refresher held."))


def _daniel(end: _End) -> None:
    end.support(2)
    end.answers(
        "Six hours fell to the trade fair and to my holidays; nobody stood in for me.",
        "The trainer left in July and was not replaced before September.",
        "I moved them twice, then the summer was over.",
        "The leads of the fair went to another team; I had no say in it.",
    )
    made = end.decided(
        Outcome.NOT_MET,
        says="Too little is met, and I see no lasting change in the first calls.",
        answer="Half of what was promised never came: no mentor, and the fair leads went elsewhere.",
        confirms="The goals are not met; the manager has answered for the support.",
    )
    with clock.at(at(end.day(8), 9)):
        words = "I object: a plan whose help does not come is no plan. Please look at the list of promises."
        made = actions.appeal_outcome(evaluation=made, words=words, by=end.rep)
    with clock.at(at(end.day(15), 9)):
        reasons = "He is right. Of the promised support half was never given. The plan is not held against him."
        leader = account("Henrik Aalto")
        actions.decide_appeal(evaluation=made, upheld=True, words=reasons, outcome=Outcome.UNFAIR, by=leader)


def _stefan(end: _End) -> None:
    end.support(1)
    end.decided(
        Outcome.MET,
        says="What we agreed to change has changed, and it holds in the calls I join.",
        answer="Thank you. The weekly hour made the difference.",
        confirms="In good standing.",
    )
    end.follow_ups(("A habit by now.", "Went through two lost deals.", "Refresher held.", "All good."))


def _jonas(end: _End) -> None:
    """A growth plan of his own wish; no HR, so it ends with his answer. In March 2026 something changes."""
    end.support(1)
    made = end.prepared()
    with clock.at(at(end.day(1), 11)):
        chosen = actions.OutcomeChosen(Outcome.MET, "You asked for it, and you did it.", made.prepared_hash)
        made = actions.propose_outcome(evaluation=made, chosen=chosen, by=end.manager)
    with clock.at(at(end.day(3), 15)):
        made = actions.answer_outcome(evaluation=made, words="I would do it again.", by=end.rep)
        actions.end_plan(evaluation=made, by=SYSTEM)
        actions.plan_follow_ups(evaluation=made, by=SYSTEM)
    end.follow_ups(("Still asks first.", "One refresher, two calls.", "Refresher held.", "A habit.", "Nothing needed."))


_TOLD = {
    "Philipp Krämer": _philipp, "Nina Petrova": _nina, "Daniel Okafor": _daniel, "Stefan Albers": _stefan,
    "Jonas Weber": _jonas,
}  # fmt: skip
