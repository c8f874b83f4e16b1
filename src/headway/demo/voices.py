"""What people said and learned: surveys, competency ratings, observations, trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from headway.demo.deals import Deals
from headway.demo.staff import Seller
from headway.demo.workdays import DAY_S, DAYS, as_date, index

COMPETENCIES = (
    "prospecting", "discovery", "demo", "objection handling", "negotiation", "closing", "product knowledge",
    "pipeline and time management", "CRM use",
)  # fmt: skip
_STAGE_OF = ("effort", "qualified", "qualified", "proposal", "won", "won", "proposal", "effort", "size")
_MODULES = (
    ("Product basics", None), ("Discovery that listens", "2024-10-15"), ("Objections", "2025-03-12"),
    ("Data protection", "2025-06-04"), ("Pipeline hygiene", "2025-09-18"), ("Demo workshop", "2025-11-13"),
    ("Price list 2026", "2026-02-26"),
)  # fmt: skip
_GOOD = (
    "Clear answers, quickly.", "She knew our billing better than we did.", "We felt well advised.",
    "Good demo, the right people were in the room.", "The offer was easy to read.", "Always on time.",
)  # fmt: skip
_MIXED = (
    "Good talk, but we waited for the offer.", "The demo did not show our case.",
    "Price came without explanation.",
    "We had to ask twice for the contract.", "Friendly, but no answer on the interface to our lab.",
)  # fmt: skip
_PEER = (
    "Shared a good reference with me.",
    "Helped with my demo.",
    "Keeps the account notes short and clear.",
)

# (person, from, day, kind, score, text)
_STORY: tuple[tuple[str, str, str, str, float | None, str], ...] = (
    ("Jonas Weber", "manager", "2026-05-12", "call review", None,
     "Offered 12% off to MVZ Altona before the buyer had asked about price."),
    ("Jonas Weber", "customer", "2026-05-05", "proposal survey", 3.0,
     "Good demo. We were not sure what happens after we sign."),
    ("Jonas Weber", "peer", "2026-04-21", "strength", None,
     "Discovery in our joint meeting was the best I have seen this year."),
    ("Jonas Weber", "self", "2026-04-14", "self-review", None,
     "Since the new price list in March I lose weeks with procurement."),
    ("Jonas Weber", "manager", "2026-04-14", "coaching", None, "Coaching: buying steps before the price."),
    ("Jonas Weber", "manager", "2026-04-28", "coaching", None, "Coaching: who signs, who can say no."),
    ("Jonas Weber", "manager", "2026-05-12", "coaching", None, "Coaching: silence after the price, twice."),
    ("Jonas Weber", "manager", "2026-05-08", "discovery", 4.2, ""),
    ("Jonas Weber", "manager", "2026-05-08", "negotiation", 2.4, ""),
    ("Jonas Weber", "self", "2026-05-08", "negotiation", 2.5, ""),
    ("Daniel Okafor", "self", "2026-05-14", "self-review", None,
     "First calls go better since I prepare three questions. "
     "May I join one of Clara’s first meetings?"),
    ("Daniel Okafor", "manager", "2026-04-29", "coaching", None, "Coaching: first five minutes of a call."),
    ("Elif Demir", "manager", "2026-03-19", "strength", None, "Demo for two practices at once, very clear."),
    ("Ines Carvalho", "peer", "2026-05-06", "strength", None,
     "Let me sit in on a price talk; I used her questions the next day."),
    ("Lukas Brandt", "manager", "2026-05-07", "call review", None,
     "Good listening. Ask for a next date earlier."),
    ("Mateusz Kowalski", "self", "2026-04-09", "self-review", None,
     "Two of my three large practices merged; there is nobody new to call."),
    ("Amira Haddad", "customer", "2026-04-23", "proposal survey", 5.0,
     "Best preparation of all vendors. The board moved the budget to autumn."),
)  # fmt: skip


@dataclass(frozen=True)
class _Word:
    person_id: str
    from_role: str
    given_on: date
    kind: str
    score: float | None
    text: str


def feedback_table(deals: Deals, sellers: Sequence[Seller], seed: int) -> pa.Table:
    rng = np.random.default_rng([seed, 0, 11])
    said = _surveys(deals, sellers, rng) + _ratings(sellers, rng) + _colleagues(sellers, rng) + _story(sellers)
    said.sort(key=lambda w: (w.given_on, w.person_id, w.from_role, w.kind))
    return pa.table(
        {
            "feedback_id": pa.array([f"F{i:05d}" for i in range(1, len(said) + 1)]),
            "person_id": pa.array([w.person_id for w in said]),
            "from_role": pa.array([w.from_role for w in said]),
            "given_on": pa.array([w.given_on for w in said]),
            "kind": pa.array([w.kind for w in said]),
            "score": pa.array([w.score for w in said], type=pa.float64()),
            "text": pa.array([w.text or None for w in said], type=pa.string()),
        }
    )


def _surveys(deals: Deals, sellers: Sequence[Seller], rng: np.random.Generator) -> list[_Word]:
    """One customer in eight answers the survey two weeks after a proposal."""
    f, lead = deals.all, deals.deal_lead
    sent = np.flatnonzero(f.proposed[lead] >= 0)
    asked = sent[rng.random(len(sent)) < 0.125]
    words = []
    for deal in asked.tolist():
        seller = sellers[int(f.owner[lead[deal]]) - 1]
        at = int(f.proposed[lead[deal]] // DAY_S)
        given = at + 14 + int(rng.integers(0, 9))
        score = float(np.clip(round(rng.normal(4.2 + seller.shift("survey")[at], 0.7)), 1, 5))
        text = rng.choice(_GOOD if score >= 4 else _MIXED) if rng.random() < 0.3 else ""
        if given < DAYS and seller.employed[given]:
            words.append(
                _Word(seller.member.person_id, "customer", as_date(given), "proposal survey", score, str(text))
            )
    return words


def _ratings(sellers: Sequence[Seller], rng: np.random.Generator) -> list[_Word]:
    """Nine competencies, half-yearly, by manager and self; one manager is kinder than another."""
    words = []
    leniency = {team: rng.normal(0, 0.2) for team in dict.fromkeys(s.rep.team for s in sellers)}
    for round_day in ("2024-11-12", "2025-05-13", "2025-11-11"):
        at = index(date.fromisoformat(round_day))
        for s in (s for s in sellers if s.employed[at] and not s.on_long_leave[at]):
            for competency, stage in zip(COMPETENCIES, _STAGE_OF, strict=True):
                truth = 3.4 + 2.2 * np.log(s.factors[stage])
                for role, kindness in (("manager", leniency[s.rep.team]), ("self", 0.15)):
                    score = float(np.clip(round(truth + kindness + rng.normal(0, 0.35), 1), 1, 5))
                    given = as_date(at + int(rng.integers(0, 6)))
                    words.append(_Word(s.member.person_id, role, given, competency, score, ""))
    return words


def _colleagues(sellers: Sequence[Seller], rng: np.random.Generator) -> list[_Word]:
    words = []
    for s in sellers:
        days = np.flatnonzero(s.present[:DAYS])
        for at in sorted(rng.choice(days, min(int(rng.poisson(2.0)), len(days)), replace=False).tolist()):
            words.append(_Word(s.member.person_id, "peer", as_date(at), "strength", None, str(rng.choice(_PEER))))
    return words


def _story(sellers: Sequence[Seller]) -> list[_Word]:
    person = {s.member.name: s.member.person_id for s in sellers}
    return [
        _Word(person[n], role, date.fromisoformat(d), kind, score, text) for n, role, d, kind, score, text in _STORY
    ]


def trainings_table(sellers: Sequence[Seller], seed: int) -> pa.Table:
    """Modules taken while employed, with a test score; a few were missed."""
    rng = np.random.default_rng([seed, 0, 12])
    rows = []
    for s in sellers:
        for module, on in _MODULES:
            start = max(index(date.fromisoformat(on)) if on else _hired_day(s), 0)
            at = start + int(rng.integers(0, 12))
            taken = rng.random() < 0.92
            score = float(np.clip(round(rng.normal(80, 8)), 40, 100))
            is_new = on is not None or _hired_day(s) >= 0
            if taken and is_new and at < DAYS and s.employed[at] and not s.on_long_leave[at]:
                rows.append((s.member.person_id, module, as_date(at), score))
    rows.sort(key=lambda r: (r[2], r[0], r[1]))
    return pa.table(
        {
            "person_id": pa.array([r[0] for r in rows]),
            "module": pa.array([r[1] for r in rows]),
            "completed_on": pa.array([r[2] for r in rows]),
            "score": pa.array([r[3] for r in rows]),
        }
    )


def _hired_day(seller: Seller) -> int:
    return index(seller.member.hired_on)
