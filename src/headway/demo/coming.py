"""One more week of the demo company's CRM: open leads and deals go on, new ones come, people log what they do.

What is open is read from the facts as they are, the truth about people from the roster; the same week of the same seed
gives the same rows. Whoever is in a plan gets better step by step, as the roster of `GETS_BETTER` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from scipy.special import ndtr

from headway.demo.activities import _PACE
from headway.demo.funnel import _AT_CLOSE, _AT_PROPOSAL, _AT_QUALIFIED, PRODUCTS
from headway.demo.roster import REPS
from headway.demo.staff import SOURCES, Seller, brief_seller, hire_staff
from headway.demo.workdays import Workdays, index

# (stage, factor once the plan's help has worked), reached over twelve weeks from 18 May 2026 on.
GETS_BETTER: Mapping[str, tuple[str, float]] = {
    "Daniel Okafor": ("qualified", 1.45),
    "Jonas Weber": ("won", 1.7),
    "Viktor Seidel": ("won", 1.05),
}
_FROM, _TAKES = date(2026, 5, 18), 84
_SPREADS = {"lead": 0.8, "qualified": 0.7, "proposal": 0.6}
_UNTIL = 6  # the working day's last hours belong to the day after


@dataclass
class Week:
    """The rows of a week by table, as a load takes them."""

    leads: list[dict[str, Any]] = field(default_factory=list)
    opportunities: list[dict[str, Any]] = field(default_factory=list)
    stage_changes: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)


def sellers_of(seed: int, workdays: Workdays) -> dict[str, Seller]:
    """The reps by id, with everything that is true about them."""
    staff, reps = hire_staff(), {rep.name: rep for rep in REPS}
    sellers = (member for member in staff if member.role == "rep")
    made = [
        brief_seller(member, reps[member.name], number=number, workdays=workdays, seed=seed)
        for number, member in enumerate(sellers, 1)
    ]
    return {seller.member.person_id: seller for seller in made}


def week_of(con: Any, monday: date, *, seed: int = 7) -> Week:
    """What the CRM gets in the seven days from `monday` on.

    Args:
        con: the facts' connection, as known on the Sunday before.
    """
    workdays = Workdays()
    week = Week()
    open_leads = _by_owner(con.execute(_OPEN_LEADS).fetchall())
    accounts = _by_owner(con.execute(_ACCOUNTS).fetchall())
    open_deals = _by_owner(con.execute(_OPEN_DEALS).fetchall())
    for person_id, seller in sellers_of(seed, workdays).items():
        at = index(monday)
        if not seller.employed[at] or not seller.rep.sells:
            continue
        rng = np.random.default_rng([seed, seller.number, 21, at])
        whose = np.random.default_rng([seed, seller.number, 22, at])
        one = _Seller(
            seller, person_id, monday, workdays, rng, week, [row[0] for row in accounts.get(person_id, [])], whose
        )
        for row in open_deals.get(person_id, []):
            one.deal_goes_on(*row)
        for row in open_leads.get(person_id, []):
            one.lead_goes_on(*row)
        one.new_leads()
        one.activity()
    return week


_OPEN_LEADS = """
SELECT owner_id, lead_id, created_at, source FROM leads
WHERE qualified_at IS NULL AND disqualified_at IS NULL AND created_at IS NOT NULL ORDER BY lead_id"""
_ACCOUNTS = "SELECT owner_id, account_id FROM accounts WHERE churned_on IS NULL ORDER BY account_id"
_OPEN_DEALS = """
SELECT o.owner_id, o.opportunity_id, o.lead_id, o.account_id, o.stage, o.source, o.amount, o.product, o.created_at,
       coalesce((SELECT max(s.entered_at) FROM stage_changes s WHERE s.opportunity_id = o.opportunity_id), o.created_at)
FROM opportunities o WHERE o.outcome = 'open' ORDER BY o.opportunity_id"""


def _by_owner(rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for owner, *rest in rows:
        found.setdefault(owner, []).append(tuple(rest))
    return found


def better(name: str, stage: str, on: date) -> float:
    """How much better somebody in a plan is at a stage by a day, relative to before it."""
    what, factor = GETS_BETTER.get(name, ("", 1.0))
    if what != stage:
        return 1.0
    part = min(1.0, max(0.0, (on - _FROM).days / _TAKES))
    return float(factor**part)


@dataclass
class _Seller:
    seller: Seller
    person_id: str
    monday: date
    workdays: Workdays
    rng: np.random.Generator
    week: Week
    customers: list[str]
    whose: np.random.Generator
    made: int = 0

    def _level(self, stage: Any) -> float:
        at = index(self.monday)
        ramp = float(self.seller.ramp[at]) ** 0.32
        level = float(self.seller.factor(stage)[at]) * ramp
        return float(level * better(self.seller.member.name, stage, self.monday))

    def _moment(self) -> datetime:
        """A moment of the week in office hours, UTC."""
        days = [day for day in range(7) if self.workdays.is_working[index(self.monday) + day]] or [0]
        on = self.monday + timedelta(days=int(self.rng.choice(days)))
        return datetime(
            on.year, on.month, on.day, int(self.rng.integers(7, 16)), int(self.rng.integers(0, 60)), tzinfo=UTC
        )

    def _decided(self, since: datetime, median: float, spread: float) -> bool:
        """Whether something that waits since then is decided this week, by the lognormal wait of its stage."""
        age = (datetime(*self.monday.timetuple()[:3], tzinfo=UTC) - since.replace(tzinfo=UTC)).total_seconds() / 86_400
        before, after = (ndtr(np.log(max(days, 0.1) / median) / spread) for days in (age, age + 7))
        return bool(self.rng.random() < (after - before) / max(1 - before, 1e-6))

    def deal_goes_on(self, deal: str, lead: str, account: str, stage: str, source: str, amount: float, product: str,
                     created: datetime, since: datetime) -> None:  # fmt: skip
        """To the proposal, won or lost, or nothing happens."""
        seg, kind = self.seller.segment, SOURCES.index(source) if source in SOURCES else 0
        proposed = stage == "proposal"
        median = seg.gap_close * self.seller.rep.pace if proposed else seg.gap_proposal
        if not self._decided(since, median, _SPREADS["proposal" if proposed else "qualified"]):
            return
        level = self._level("won" if proposed else "proposal")
        chance = (seg.won * _AT_CLOSE[kind] if proposed else seg.proposal * _AT_PROPOSAL[kind]) * level
        good, moment = bool(self.rng.random() < min(chance, 0.95)), self._moment()
        row = {
            "opportunity_id": deal, "owner_id": self.person_id, "account_id": account, "lead_id": lead,
            "created_at": created.replace(tzinfo=UTC), "source": source, "amount": amount, "product": product,
            "currency": "EUR",
        }  # fmt: skip
        if proposed or not good:
            outcome = "won" if proposed and good else "lost"
            shown = outcome if outcome == "won" else stage
            self.week.opportunities.append(
                {**row, "stage": shown, "outcome": outcome, "closed_at": moment,
                 "lost_reason": None if outcome == "won" else str(self.rng.choice(["price", "timing", "no decision"]))}
            )  # fmt: skip
            if outcome == "won":
                self.week.stage_changes.append({"opportunity_id": deal, "stage": "won", "entered_at": moment})
            return
        self.week.opportunities.append(
            {**row, "stage": "proposal", "outcome": "open", "closed_at": None, "lost_reason": None}
        )
        self.week.stage_changes.append({"opportunity_id": deal, "stage": "proposal", "entered_at": moment})
        self._log("call" if self.rng.random() < 0.5 else "email", moment + timedelta(hours=20), deal=deal, lead=lead)

    def lead_goes_on(self, lead: str, created: datetime, source: str) -> None:
        """Qualified into a deal, given up, or nothing happens."""
        seg, kind = self.seller.segment, SOURCES.index(source) if source in SOURCES else 0
        if not self._decided(created, seg.gap_qualified, _SPREADS["lead"]):
            return
        moment = self._moment()
        row = {"lead_id": lead, "owner_id": self.person_id, "created_at": created.replace(tzinfo=UTC), "source": source,
               "qualified_at": None, "disqualified_at": None, "disqualified_reason": None,
               "opportunity_id": None}  # fmt: skip
        if self.rng.random() >= min(seg.qualified * _AT_QUALIFIED[kind] * self._level("qualified"), 0.95):
            self.week.leads.append({**row, "disqualified_at": moment, "disqualified_reason": "no need"})
            return
        deal = self._id("OP")
        self.week.leads.append({**row, "qualified_at": moment, "opportunity_id": deal})
        size = seg.amount * self.seller.factors["size"]
        amount = float(round(size * np.exp(seg.amount_spread * self.rng.normal() - seg.amount_spread**2 / 2), -2))
        self.week.opportunities.append(
            {"opportunity_id": deal, "owner_id": self.person_id, "account_id": self._account(),
             "lead_id": lead, "created_at": moment, "source": source, "amount": max(amount, 500.0), "currency": "EUR",
             "product": str(self.rng.choice(PRODUCTS)), "stage": "qualified", "outcome": "open", "closed_at": None,
             "lost_reason": None}
        )  # fmt: skip
        self.week.stage_changes.append({"opportunity_id": deal, "stage": "qualified", "entered_at": moment})

    def _account(self) -> str | None:
        return str(self.whose.choice(self.customers)) if self.customers else None

    def _id(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.monday:%y%m%d}-{self.seller.number:02d}{self.made:03d}"

    def new_leads(self) -> None:
        """Assigned ones by territory, own ones by effort."""
        seg, at = self.seller.segment, index(self.monday)
        here = float(self.seller.present[at : at + 5].mean()) if at + 5 < len(self.seller.present) else 1.0
        base = float(self.seller.potential[at]) * float(np.sqrt(self.seller.ramp[at]))
        assigned = seg.assigned * self._level("assigned") * base * (0.45 + 0.55 * here)
        own = seg.own * self.seller.factors["effort"] * self._level("own") * base * here
        for rate, mine in ((assigned, False), (own, True)):
            for _lead in range(int(self.rng.poisson(rate))):
                source = "self" if mine else str(self.rng.choice(SOURCES[:4], p=self.seller.source_mix))
                moment = self._moment()
                self.week.leads.append(
                    {"lead_id": self._id("LD"), "owner_id": self.person_id, "created_at": moment, "source": source,
                     "qualified_at": None, "disqualified_at": None, "disqualified_reason": None,
                     "opportunity_id": None}
                )  # fmt: skip

    def activity(self) -> None:
        """Calls, mails, social touches by the day; meetings one by one."""
        calls, mails, social, meetings = _PACE[self.seller.segment.name]
        for day in range(5):
            at = index(self.monday) + day
            if not self.seller.present[at]:
                continue
            on = self.monday + timedelta(days=day)
            evening = datetime(on.year, on.month, on.day, 15, 30, tzinfo=UTC)
            for kind, rate in (("call", calls), ("email", mails), ("social", social)):
                count = int(self.rng.poisson(rate))
                if count:
                    self._log(kind, evening, count=count)
        for _meeting in range(int(self.rng.poisson(meetings * self._level("meetings")))):
            self._log("meeting", self._moment(), outcome="held")

    def _log(self, kind: str, at: datetime, *, count: int = 1, outcome: str | None = None, deal: str | None = None,
             lead: str | None = None) -> None:  # fmt: skip
        last = datetime(*(self.monday + timedelta(days=7)).timetuple()[:3], tzinfo=UTC) - timedelta(hours=_UNTIL)
        if at >= last:
            return
        self.week.activities.append(
            {"activity_id": self._id("A"), "person_id": self.person_id, "kind": kind, "occurred_at": at,
             "logged_at": at + timedelta(minutes=20), "outcome": outcome, "count": count, "lead_id": lead,
             "opportunity_id": deal}
        )  # fmt: skip
