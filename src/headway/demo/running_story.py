"""What happened in the demo company's running plans before its day: check-ins, a skipped one, a late promise, a win.

Daniel's plan (Marta leads it) goes well: pages shared, notes confirmed, a win celebrated; one check-in was skipped and
one promise came late. Viktor's (Ruben's) has less on record, as it happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.demo.cast import account, at
from headway.demo.coaching_story import coach
from headway.people.models import User
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions import check_ins as acts
from headway.running.actions.ledger import celebrate, give_support, mark_action
from headway.running.actions.measuring import count_goal, score_practice
from headway.running.ledger import REGULAR, action_key
from headway.running.models import CheckIn
from headway.running.refreshing import refresh
from headway.running.reminding import remind

THIS_YEAR = date(2026, 1, 1)


@dataclass(frozen=True)
class Told:
    """What both wrote at one check-in."""

    worked: str
    hard: str
    steps: str
    recognition: str
    feedback: str
    agreed: str


_TALKS = (
    Told("I open each first call with three prepared questions.", "People say “send me something” after two minutes.",
         "Ask for a date before I send anything", "The questions are good. Your calls are longer already.",
         "When you explained the product first, the customer went quiet. Ask first, show later.",
         "Ask for a date before sending anything"),
    Told("Two customers asked me for the next step by themselves.", "I lose them between first and second call.",
         "Write the next step into the invitation", "Two dated next steps in one week: that is new.",
         "Say back what you heard before you propose. In the Hansen call they corrected you, and trusted you after.",
         "Listen to one of Clara’s first calls"),
    Told("Clara’s call: she waits. I tried it twice and it worked.", "Leads from the fair are cold.",
         "Wait three seconds after each question", "You tried something new the day after you saw it.",
         "Silence works for you. Use it after the price, too.", "Ask marketing which fair leads asked for a demo"),
    Told("Fourteen first meetings this month, nine with the buying steps written down.", "Buyers on holiday.",
         "Book June now", "The notes are so clear that Ines could take over a call from you.",
         "You know who decides earlier than before. Keep asking who can say no.", "Book three June demos this week"),
    Told("A practice group signed up for a pilot.", "The pilot needs our integration people.",
         "Get a date from integration", "First deal from a fair lead since winter.",
         "Ask for integration before you promise a date.", "Send the interface list to integration"),
)  # fmt: skip
_RUBRIC = ("Asks before proposing", "Finds out what the problem costs the customer", "Asks who decides, and how")
_MARKS = ((2, 3, 2), (3, 3, 3), (3, 4, 3), (4, 4, 4))


def tell(*, say: Callable[[str], None]) -> None:
    """Write it all, by the real actions on their days; then measure and tell people what is new."""
    say("Telling what happened in the running plans ...")
    rows = Plan.objects.filter(
        state=PlanState.ACTIVE, start_on__gte=THIS_YEAR, start_on__lte=clock.today()
    ).select_related("person", "manager")
    for number, plan in enumerate(rows.order_by("person__name")):
        assert plan.manager is not None
        story = _Story(plan, account(plan.person.name), account(plan.manager.name), lively=number == 0)
        story.write()
    refresh(by=SYSTEM)
    remind(by=SYSTEM)


@dataclass(frozen=True)
class _Story:
    plan: Plan
    rep: User
    manager: User
    lively: bool

    def write(self) -> None:
        """Week by week until the company's day."""
        with clock.at(at(self.plan.start_on.isoformat(), 7)):
            acts.schedule_check_ins(plan=self.plan, by=SYSTEM)
        until = clock.today()
        for number, meeting in enumerate(self.plan.meetings.filter(on__lt=until)):
            self._meeting(meeting, number)
        self._support(until)
        if self.lively:
            self._win(until)
            coach(self.plan, rep=self.rep, manager=self.manager)

    def _meeting(self, meeting: CheckIn, number: int) -> None:
        if number == 2:
            with clock.at(at(meeting.on.isoformat(), 8)):
                acts.skip_check_in(check_in=meeting, why=f"{self.manager.first_name} was ill.", by=self.manager)
            return
        told = _TALKS[number % len(_TALKS)]
        if self.lively or number % 2 == 0:
            with clock.at(at((meeting.on - timedelta(days=1)).isoformat(), 15)):
                self._page(meeting, told)
        with clock.at(at(meeting.on.isoformat(), 13)):
            held = acts.hold_check_in(check_in=meeting, held_on=meeting.on, by=self.manager)
            notes = acts.Notes(recognition=told.recognition, feedback=told.feedback)
            held = acts.save_notes(check_in=held, notes=notes, seen_version=held.notes_version, by=self.manager)
            self._agreed(held, told)
            self._counted(meeting.on, number)
        with clock.at(at(meeting.on.isoformat(), 16)):
            for who in (self.rep, self.manager) if self.lively else (self.manager,):
                acts.confirm_notes(check_in=held, seen_version=held.notes_version, by=who)

    def _page(self, meeting: CheckIn, told: Told) -> None:
        review = acts.Review(worked=told.worked, hard=told.hard, enough="partly", missing="", steps=told.steps)
        kept = acts.save_review(check_in=meeting, review=review, seen_version=meeting.review_version, by=self.rep)
        acts.share_review(check_in=kept, by=self.rep)

    def _agreed(self, held: CheckIn, told: Told) -> None:
        due = held.on + timedelta(days=7)
        made = acts.agree(
            check_in=held, text=told.agreed, side="rep", owner=self.rep.first_name, due=due, by=self.manager
        )
        if self.lively and due < date(2026, 5, 14):
            with clock.at(at(due.isoformat(), 12)):
                acts.keep_agreement(agreement=made, done_on=due, by=self.rep)

    def _counted(self, on: date, number: int) -> None:
        """What both count at a check-in: goals no export knows, the rep's actions, a role-play every other week."""
        actions = draft_of(self.plan).actions
        for place, one in enumerate(actions):
            mark_action(plan=self.plan, key=action_key(one), done=(number + place) % 4 != 3, on=on, by=self.manager)
        for goal in self.plan.goals.all():
            unit = str(goal.detail.get("unit", ""))
            if goal.metric_key == "role_play" and number % 2 == 0:
                self._play(on, number // 2)
            elif goal.key == "activity" and unit == "share":
                seen, kept = 5 + number % 3, min(5 + number % 3, 3 + number // 2)
                count_goal(plan=self.plan, goal_key=goal.key, value=kept, of=seen, counted_on=on, by=self.manager)
            elif goal.metric_key == "customer_replies":
                count_goal(plan=self.plan, goal_key=goal.key, value=1, of=None, counted_on=on,
                           note="One reply, one thing to change", by=self.manager)  # fmt: skip

    def _play(self, on: date, number: int) -> None:
        marks = _MARKS[min(number, len(_MARKS) - 1)]
        score_practice(
            plan=self.plan, kind="role_play", competency="discovery", held_on=on,
            marks=list(zip(_RUBRIC, (float(mark) for mark in marks), strict=True)), by=self.manager,
        )  # fmt: skip

    def _support(self, until: date) -> None:
        """Given in time, but for one that came late and, with Viktor, one that is still owed."""
        due = [p for p in self.plan.promises.all() if p.source != REGULAR and p.due < until]
        for number, promise in enumerate(due):
            if number == 1 and not self.lively:
                continue
            on = min(promise.due + timedelta(days=6 if number == 0 else -1), until)
            on = max(on, self.plan.start_on)
            with clock.at(at(on.isoformat(), 14)):
                note = "Six days late: the trainer was ill." if number == 0 else ""
                give_support(promise=promise, on=on, hours=promise.hours, note=note, by=self.manager)

    def _win(self, until: date) -> None:
        on = min(date(2026, 5, 12), until - timedelta(days=1))
        with clock.at(at(on.isoformat(), 11)):
            text = f"{self.rep.first_name} won a pilot from a fair lead everybody had given up on."
            celebrate(plan=self.plan, text=text, on=on, by=self.manager)
