"""What Marta's team did before any plan: coaching talks, observations, two rounds of ratings, answers, one chain.

Told by the real actions under the company's clock. Jonas's outside check is left open at one question, his decision on
skill or effort too: both are a visitor's to make.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from headway.core import clock
from headway.demo.cast import account, at
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import FactorGiven, LinkGiven, ObservationGiven, RatingGiven, SessionGiven
from headway.diagnosis.practice.competencies import competencies
from headway.diagnosis.practice.factors import FACTORS
from headway.diagnosis.practice.models import CoachingSession, Observation
from headway.diagnosis.practice.pages.why import gap_of
from headway.people.models import Person, User

MARTA, HANNE = "Marta Lindqvist", "Hanne Dijkstra"

# (person, day, competency, minutes, what went well, what to try, what was agreed)
_TALKS: tuple[tuple[str, str, str, int, str, str, str], ...] = (
    ("Jonas Weber", "2026-04-14", "closing", 40,
     "Discovery is as strong as ever: the buyer’s own words are in every note.",
     "Ask for the buying steps before the price is on the table.",
     "Jonas writes the buying steps into the next three offers; Marta reads them on Thursday."),
    ("Jonas Weber", "2026-04-28", "negotiation", 45,
     "Two of three offers carried the buying steps.",
     "Find out who signs, and who can say no, before the offer goes out.",
     "Marta joins the talk with Praxisverbund Elbe on 5 May."),
    ("Jonas Weber", "2026-05-12", "negotiation", 45,
     "Named the price once without softening it, and the buyer went on talking.",
     "Stay silent after the price. Twice the discount came before the question.",
     "Two role-plays of the price talk until 26 May, recorded."),
    ("Daniel Okafor", "2026-04-29", "discovery", 30,
     "Three prepared questions in each first call; calls last longer.",
     "Use the first five minutes to ask, not to explain.",
     "Daniel sits in on one of Clara’s first meetings."),
    ("Daniel Okafor", "2026-05-13", "prospecting", 30,
     "Nine new conversations this week, two through an introduction.",
     "Ask for the introduction before the meeting ends.",
     "Look at the answer rates of both openings on 27 May."),
    ("Elif Demir", "2026-05-06", "pipeline_and_time", 20,
     "Every open deal has a next step with a date.",
     "Meetings went from five a week to three. Where did the mornings go?",
     "Elif looks through her calendar; we talk again on 20 May."),
    ("Lukas Brandt", "2026-05-07", "discovery", 30,
     "Listens well and writes it down the same day.",
     "Ask for the next date earlier in the call.",
     "Lukas listens to two of his recorded calls."),
    ("Mateusz Kowalski", "2026-04-16", "", 30,
     "Wins as often as anybody with what he is given.",
     "Nothing about selling: the territory is too small since the practices merged.",
     "Marta asks RevOps for a review of Vorpommern."),
)  # fmt: skip

_ANSWERS = (
    ("Jonas Weber", "2026-04-28", "2026-04-29",
     "I agree about the signing. But since the new price list procurement comes in late, and I only hear of it then."),
    ("Daniel Okafor", "2026-04-29", "2026-04-30", "Sitting in with Clara would help me most."),
)  # fmt: skip

# (person, day, source, competency, who said it, words)
_SEEN: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("Jonas Weber", "2026-04-24", "email", "closing", "",
     "Offer to Klinik Nord went out without a next step; the buyer answered nine days later."),
    ("Jonas Weber", "2026-05-05", "shadowing", "negotiation", "",
     "Praxisverbund Elbe: asked well for half an hour, named the price, and offered 10% less before they replied."),
    ("Jonas Weber", "2026-05-11", "peer", "discovery", "Ines Carvalho",
     "He finds out more in one meeting than I do in two."),
    ("Daniel Okafor", "2026-05-08", "call", "discovery", "",
     "First call with Lab Süd: five questions before the first word about the product."),
    ("Elif Demir", "2026-05-07", "customer", "demo", "Zahnzentrum Kiel",
     "She had set up our own price list before we came in."),
)  # fmt: skip

# Levels in the order of the company's list: (person, round, manager's, own).
_ROUNDS = (("2025-11-11", "2025-11-13"), ("2026-05-08", "2026-05-11"))
_LEVELS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "Jonas Weber": (("343333433", "344334433"), ("443323433", "344333433")),
    "Daniel Okafor": (("223333323", "333333333"), ("333333323", "333333333")),
    "Elif Demir": (("333333333", "334333343"), ("334333333", "334333343")),
    "Ines Carvalho": (("344554434", "344444434"), ("444554434", "344554434")),
}
_BEHAVIOUR = {
    ("Jonas Weber", "negotiation"): ("Gives the discount before the question, twice in May.",
                                     "I give in too early when procurement joins late."),
    ("Jonas Weber", "discovery"): ("The buyer’s own words, every time.", ""),
    ("Elif Demir", "crm_use"): ("", "Everything is in there by the evening."),
}  # fmt: skip

_OUTSIDE: dict[str, tuple[str, str, str]] = {
    "accounts": ("clear", "No account changed hands since January.", ""),
    "playbook": ("holds_back", "The playbook has no word on procurement joining late.",
                 "Product marketing adds a page on procurement by 5 June."),
    "tools": ("clear", "Checked on a Tuesday together: offers take ten minutes.", ""),
    "market": ("clear", "The price list of 2 March is the same for everybody; others’ results are unchanged.", ""),
    "competitors": ("clear", "No new offer was named in the lost deals since March.", ""),
}  # fmt: skip


def tell(*, say: Callable[[str], None]) -> None:
    """Write it all down, in the order of the days."""
    if CoachingSession.objects.exists():
        return
    say("Telling what the team saw and tried before any plan ...")
    marta = account(MARTA)
    for name in _LEVELS:
        _rated(name, marta)
    for name, day, competency, minutes, wins, improvements, agreed in _TALKS:
        given = SessionGiven(
            held_on=date.fromisoformat(day), competency=competency, minutes=minutes, wins=wins,
            improvements=improvements, agreed=agreed,
        )  # fmt: skip
        with clock.at(at(day, 15)):
            actions.note_coaching(person_id=_person(name).pk, given=given, by=marta)
    for name, held, day, words in _ANSWERS:
        with clock.at(at(day, 8)):
            talk = CoachingSession.objects.get(person=_person(name), held_on=date.fromisoformat(held))
            actions.answer_coaching(session=talk, words=words, by=account(name))
    for name, day, source, competency, said_by, text in _SEEN:
        seen = ObservationGiven(date.fromisoformat(day), source, text, competency, said_by=said_by)
        with clock.at(at(day, 16)):
            actions.note_observation(person_id=_person(name).pk, given=seen, by=marta)
    _outside("Jonas Weber", marta, "2026-05-13", leave_open=("competitors",))
    _outside("Daniel Okafor", marta, "2026-03-20")
    _chain(marta)
    _decisions(marta)


def _person(name: str) -> Person:
    return Person.objects.get(name=name)


def _rated(name: str, marta: User) -> None:
    """Two rounds; each side on a day of its own, blind to the other."""
    keys = [competency.key for competency in competencies("en")]
    for (marta_on, own_on), levels in zip(_ROUNDS, _LEVELS[name], strict=True):
        for side, (on, by) in enumerate(((marta_on, marta), (own_on, account(name)))):
            newest = (marta_on, own_on) == _ROUNDS[-1]
            ratings = [
                RatingGiven(key, int(level), _BEHAVIOUR.get((name, key), ("", ""))[side] if newest else "")
                for key, level in zip(keys, levels[side], strict=True)
            ]
            with clock.at(at(on, 17)):
                actions.rate_competencies(person_id=_person(name).pk, ratings=ratings, by=by)


def _outside(name: str, by: User, day: str, *, leave_open: tuple[str, ...] = ()) -> None:
    answers = [
        FactorGiven(key, *_OUTSIDE[key]) for key in FACTORS if key in _OUTSIDE and key not in leave_open
    ]  # fmt: skip
    with clock.at(at(day, 10)):
        actions.answer_factors(person_id=_person(name).pk, answers=answers, signed=True, by=by)


def _chain(marta: User) -> None:
    """Jonas: from the gap after the proposal to the silence after the price. Jonas has not said yet."""
    jonas = _person("Jonas Weber")
    with clock.at(at("2026-05-13", 11)):
        part, sentence = gap_of(marta, jonas.pk)
        if part is None:
            return
        given = LinkGiven(
            behaviour="Offers a discount before the buyer has asked, most of all when procurement joins late.",
            coaching="Two role-plays of the price talk a week with Marta; buying steps in every offer.",
            competency="negotiation",
            by_when=date(2026, 5, 26) + timedelta(days=7),
            observations=tuple(
                Observation.objects.filter(person=jonas, competency__in=["negotiation", "closing"]).values_list(
                    "pk", flat=True
                )
            ),
            sessions=tuple(
                CoachingSession.objects.filter(person=jonas, competency="negotiation").values_list("pk", flat=True)
            ),
        )
        link = actions.make_link(
            person_id=jonas.pk, gap_key=part.key, gap_sentence=sentence, given=given, by=marta
        )  # fmt: skip
        actions.validate_link(link=link, agrees=True, words="", seen_version=1, by=marta)


def _decisions(marta: User) -> None:
    with clock.at(at("2026-03-20", 11)):
        reason = "Recorded first calls: the questions come after the pitch. Number and rhythm of calls are fine."
        actions.decide_axis(person_id=_person("Daniel Okafor").pk, axis="skill", reason=reason, by=marta)
    with clock.at(at("2026-02-12", 9)):
        actions.record_protected(
            person_id=_person("Mateusz Kowalski").pk, kind="complaint", happened_on=date(2026, 2, 10),
            note="Complaint about travel time in the merged territory. With the ombudsperson.", by=account(HANNE),
        )  # fmt: skip
