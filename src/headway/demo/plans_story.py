"""Plans of the demo company, in every state, walked by the real actions under the company's clock.

Jonas has none now: his is the one that a visitor writes; he had a growth plan of his own wish in 2025. Four like cases
ran in 2025, two plans have been running since
6 April 2026; the rest stand where a visitor wants to see one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.demo.cast import account, at
from headway.diagnosis.practice.actions import FactorGiven, SessionGiven, answer_factors, note_coaching
from headway.diagnosis.practice.factors import FACTORS
from headway.people.models import Person, User
from headway.plans import actions
from headway.plans.amending import AmendedPlan
from headway.plans.models import Plan, VersionKind
from headway.plans.sources import Basis, bases_of_facts, draft_for
from headway.plans.states import FLOWS, PlanKind

LAST_YEAR, THIS_YEAR = date(2025, 6, 15), date(2026, 3, 22)
HR = "Hanne Dijkstra"


@dataclass
class _Case:
    """One plan on its way; every step is taken on the day that is given."""

    person: Person
    manager: User
    kind: PlanKind
    plan: Plan

    @property
    def rep(self) -> User:
        return account(self.person.name)

    def share(self, day: str, *, read: bool = True) -> _Case:
        with clock.at(at(day, 10)):
            actions.share_plan(plan=self.plan, by=self.manager)
        if read:
            with clock.at(at(day, 15)):
                actions.note_seen(plan=self.plan, page="plan", by=self.rep)
        return self

    def submit(self, day: str) -> _Case:
        with clock.at(at(day, 9)):
            actions.submit_plan(plan=self.plan, by=self.manager)
        return self

    def approve(self, day: str, reasons: str = "Length, target and support match the like cases.") -> _Case:
        with clock.at(at(day, 14)):
            actions.approve_plan(plan=self.plan, reasons=reasons, by=account(HR))
        return self

    def present(self, day: str, *, companion: str = "") -> _Case:
        with clock.at(at(day, 10)):
            held = date.fromisoformat(day)
            actions.present_plan(plan=self.plan, held_on=held, companion=companion, by=self.manager)
        return self

    def sign(self, day: str, statement: str = "") -> _Case:
        with clock.at(at(day, 16)):
            version = self.plan.versions.filter(kind=VersionKind.PRESENTED).last()
            assert version is not None
            typed = actions.SignatureTyped(self.rep.name, True, version.content_hash, statement)
            actions.acknowledge_plan(plan=self.plan, typed=typed, by=self.rep)
        return self

    def refuse(self, day: str) -> _Case:
        with clock.at(at(day, 16)):
            version = self.plan.versions.filter(kind=VersionKind.PRESENTED).last()
            assert version is not None
            typed = actions.SignatureTyped(self.manager.name, True, version.content_hash)
            actions.refuse_plan(plan=self.plan, typed=typed, by=self.manager)
        return self

    def start(self) -> _Case:
        self.plan.refresh_from_db()
        with clock.at(at(self.plan.start_on.isoformat(), 7)):
            actions.start_plan(plan=self.plan, by=SYSTEM)
        return self


def tell(*, say: Callable[[str], None]) -> None:
    """Write them all. Two days of the past are analysed again, so that each plan rests on what was known then."""
    say("Telling the story of the plans before today ...")
    then, now = _bases(LAST_YEAR, _ENDED), _bases(THIS_YEAR, _THIS_YEARS)
    for name in _ENDED:
        _last_years(then[name], name)
    _running(now)
    _with_hr(now)
    _being_agreed(now)
    _growing(now)


# How these ended is told by `outcomes_story`.
_ENDED = ("Philipp Krämer", "Nina Petrova", "Daniel Okafor", "Stefan Albers", "Jonas Weber")
_THIS_YEARS = (
    "Daniel Okafor", "Viktor Seidel", "Oskar Bergström", "Nina Petrova", "Philipp Krämer", "Greta Lang",
    "Signe Krogh", "Tobias Reiter", "Vera Novak", "Elif Demir", "Clara Nyström", "Ines Carvalho", "Amira Haddad",
    "Kim Tran", "Leonie Fuchs", "Hannah Vogt",
)  # fmt: skip


def _bases(as_of: date, names: Sequence[str]) -> dict[str, Basis]:
    ids = dict(Person.objects.filter(name__in=names).values_list("name", "person_id"))
    found, _day = bases_of_facts([ids[name] for name in names], as_of=as_of)
    return {name: found[ids[name]] for name in names}


def _drafted(name: str, basis: Basis, day: str, *, kind: PlanKind, days: int | None = None) -> _Case:
    person = Person.objects.select_related("manager").get(name=name)
    assert person.manager is not None
    manager = account(person.manager.name)
    on = date.fromisoformat(day)
    if FLOWS[kind].hr:
        _before(person, manager, on)
    with clock.at(at(day)):
        made = draft_for(SYSTEM, person, basis, as_of=on, days=days, kind=kind)
        plan = actions.draft_plan(person_id=person.pk, draft=made, run_id=None, kind=kind, by=manager)
    return _Case(person, manager, kind, plan)


_TALKS = (
    ("Listened to the whole story before offering anything.", "Ask who else decides before sending a price."),
    ("Asked for the buying steps twice.", "Agree the next step before the call ends."),
    ("Came with three numbers of your own.", "Name the price later, after the value."),
)


def _before(person: Person, manager: User, on: date) -> None:
    """Three coaching talks in the weeks before, and the outside factors answered and signed."""
    for weeks, (wins, improvements) in zip((6, 4, 2), _TALKS, strict=True):
        day = on - timedelta(weeks=weeks)
        with clock.at(at(day.isoformat(), 13)):
            given = SessionGiven(held_on=day, wins=wins, improvements=improvements, minutes=45)
            note_coaching(person_id=person.pk, given=given, by=manager)
    with clock.at(at(on.isoformat(), 8)):
        answers = [
            FactorGiven(factor=key, found="clear", text="Looked at; the same as for colleagues.") for key in FACTORS
        ]
        answer_factors(person_id=person.pk, answers=answers, signed=True, by=manager)


def _last_years(basis: Basis, name: str) -> None:
    if name == "Jonas Weber":
        wish = _drafted(name, basis, "2025-06-16", kind=PlanKind.GROWTH).share("2025-06-17")
        wish.present("2025-06-24").sign("2025-06-25").start()
        return
    case = _drafted(name, basis, "2025-06-16", kind=PlanKind.SUCCESS).share("2025-06-17").submit("2025-06-18")
    case.approve("2025-06-19").present("2025-06-24").sign("2025-06-25").start()


def _running(now: dict[str, Basis]) -> None:
    """Daniel of Marta's team and Viktor of Ruben's have been running since 6 April; Oskar's waits for him."""
    said = "The winter was hard, and the leads from the fair went to colleagues. I will give it all I have."
    for name, statement in (("Daniel Okafor", said), ("Viktor Seidel", ""), ("Oskar Bergström", "")):
        case = _drafted(name, now[name], "2026-03-23", kind=PlanKind.SUCCESS, days=90)
        case.share("2026-03-24").submit("2026-03-25").approve("2026-03-26").present("2026-03-31")
        case.sign("2026-04-01", statement).start()
        if name == "Oskar Bergström":
            with clock.at(at("2026-05-11")):
                actions.pause_plan(
                    plan=case.plan,
                    from_on=date(2026, 5, 11),
                    expected_back_on=date(2026, 6, 8),
                    reason="Four weeks of parental leave.",
                    by=case.manager,
                )


def _with_hr(now: dict[str, Basis]) -> None:
    """On HR's desk, sent back, and approved."""
    _drafted("Nina Petrova", now["Nina Petrova"], "2026-05-11", kind=PlanKind.SUCCESS).share("2026-05-12").submit(
        "2026-05-15"
    )
    case = _drafted("Philipp Krämer", now["Philipp Krämer"], "2026-05-07", kind=PlanKind.SUCCESS).share("2026-05-08")
    case.submit("2026-05-11")
    with clock.at(at("2026-05-12", 14)):
        reasons = "Céline is away from 3 to 14 August and nobody is named for the check-ins. Please name a deputy."
        actions.return_plan(plan=case.plan, reasons=reasons, by=account(HR))
    case = _drafted("Greta Lang", now["Greta Lang"], "2026-05-06", kind=PlanKind.SUCCESS).share("2026-05-07")
    case.submit("2026-05-08").approve("2026-05-13")


def _being_agreed(now: dict[str, Basis]) -> None:
    """Presented, received with and without words, refused, and withdrawn."""
    for name, last in (("Signe Krogh", "presented"), ("Tobias Reiter", "refused"), ("Vera Novak", "withdrawn")):
        case = _drafted(name, now[name], "2026-05-04", kind=PlanKind.SUCCESS).share("2026-05-05").submit("2026-05-06")
        if last == "withdrawn":
            with clock.at(at("2026-05-07")):
                reason = "Vera moves to partner sales in June; a plan would measure the wrong work."
                actions.withdraw_plan(plan=case.plan, reason=reason, by=case.manager)
            continue
        case.approve("2026-05-08").present("2026-05-13", companion="Milan Kovač" if last == "refused" else "")
        if last == "refused":
            case.refuse("2026-05-14")


def _growing(now: dict[str, Basis]) -> None:
    """Growth plans are for anybody, the best included: no review, nobody else reads them."""
    growth = PlanKind.GROWTH
    case = _drafted("Elif Demir", now["Elif Demir"], "2026-05-13", kind=growth).share("2026-05-14")
    with clock.at(at("2026-05-15", 11)):
        words = "Two of the meetings I lost were moved, not cancelled. Can we count those?"
        actions.comment(plan=case.plan, text=words, piece="goal:activity", by=case.rep)
    case = _drafted("Ines Carvalho", now["Ines Carvalho"], "2026-05-11", kind=growth).share("2026-05-12")
    case.present("2026-05-13").sign("2026-05-14")
    case = _drafted("Clara Nyström", now["Clara Nyström"], "2026-05-11", kind=growth).share("2026-05-12")
    case.present("2026-05-13").sign("2026-05-15", "Please keep Thursday afternoons free for customers.")
    case = _drafted("Kim Tran", now["Kim Tran"], "2026-05-14", kind=growth)
    with clock.at(at("2026-05-15", 12)):
        actions.discard_plan(plan=case.plan, by=case.manager)
    _drafted("Hannah Vogt", now["Hannah Vogt"], "2026-05-15", kind=growth)
    case = _drafted("Leonie Fuchs", now["Leonie Fuchs"], "2026-04-13", kind=growth, days=30).share("2026-04-14")
    case.present("2026-04-16").sign("2026-04-17").start()
    with clock.at(at("2026-05-15", 10)):
        change = AmendedPlan(last_on=case.plan.last_on + timedelta(days=14))
        actions.propose_amendment(
            plan=case.plan, change=change, reason="Two weeks of the trade fair do not count.", by=case.manager
        )
