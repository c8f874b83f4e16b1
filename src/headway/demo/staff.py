"""From the roster to staff with ids, and to sellers with everything that is true about them, day by day."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.demo import teams
from headway.demo.rep import Rep, Segment, Stage
from headway.demo.roster import REPS
from headway.demo.workdays import DAYS, HORIZON, Bools, Floats, Workdays, as_date, day, index

SOURCES = ("inbound", "partner", "event", "outbound", "self")
_ASSIGNED_MIX = np.array([0.42, 0.15, 0.18, 0.25])
_SPREAD: Mapping[str, float] = {
    "qualified": 0.09, "proposal": 0.09, "won": 0.11, "size": 0.08, "effort": 0.14, "potential": 0.07,
    "assigned": 0.04,
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One row of the people file; who works here today, or worked here when they left."""

    person_id: str
    name: str
    role: str
    manager_id: str | None
    team: str | None
    segment: str | None
    territory_id: str | None
    hired_on: date
    left_on: date | None
    gender: str

    @property
    def email(self) -> str:
        return email_of(self.name)


@dataclass(frozen=True)
class Absence:
    """Days away: first and last day (day indices, both away) and the kind."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True)
class Seller:
    """A rep as the simulation sees them; per-day arrays run over HORIZON days."""

    member: Member
    rep: Rep
    segment: Segment
    number: int
    absences: tuple[Absence, ...]
    employed: Bools
    present: Bools
    on_long_leave: Bools
    ramp: Floats
    potential: Floats
    source_mix: Floats
    lead_quality: float
    factors: Mapping[str, float]

    def factor(self, stage: Stage) -> Floats:
        """Truth at a stage on each day: skill x changes x what the whole team's market does."""
        level = np.full(HORIZON, self.factors.get(stage, 1.0))
        dip = teams.MARKET_DIPS.get(self.rep.team)
        for change in (*self.rep.changes, *((dip,) if dip else ())):
            if change.stage == stage:
                level[day(change.since) : max(day(change.until), 0)] *= change.factor
        return level

    def shift(self, stage: Stage) -> Floats:
        """Like `factor`, for what is added and not multiplied (survey scores)."""
        level = np.zeros(HORIZON)
        for change in self.rep.changes:
            if change.stage == stage:
                level[day(change.since) : day(change.until)] += change.factor
        return level


def email_of(name: str) -> str:
    """first.last@alderwick.example, accents folded, spaces inside a family name dropped."""
    swapped = name.replace("ø", "o").replace("Ø", "O").replace("ß", "ss").replace("ł", "l").replace("Ł", "L")
    plain = unicodedata.normalize("NFKD", swapped).encode("ascii", "ignore").decode().lower()
    first, _, last = plain.partition(" ")
    return f"{first}.{last.replace(' ', '').replace('-', '')}@alderwick.example"


def territory_id(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o")).encode("ascii", "ignore").decode()
    return "T-" + plain.upper().replace(" ", "-")


def hire_staff() -> list[Member]:
    """Everybody, leaders first, then managers, HR, RevOps, and reps numbered in the order they were hired."""
    leader_id = {name: f"L{i:02}" for i, name in enumerate(teams.LEADERS, 1)}
    manager_id = {t.name: f"M{i:02}" for i, t in enumerate(teams.TEAMS, 1)}
    leads_team = {team: leader_id[name] for name, led in teams.LEADERS.items() for team in led}
    segment = {t.name: t.segment for t in teams.TEAMS}
    office = [(n, leader_id[n], "leader") for n in teams.LEADERS]
    office += [(n, f"H{i:02}", "hr") for i, n in enumerate(teams.HR_PARTNERS, 1)]
    office += [(n, f"V{i:02}", "revops") for i, n in enumerate(teams.REVOPS, 1)]
    staff = [Member(i, n, r, None, None, None, None, date(2019, 1, 7), None, "f") for n, i, r in office]
    staff += [
        Member(manager_id[t.name], t.manager, "manager", leads_team[t.name], t.name, t.segment, None,
               date(2019, 9, 2), None, "f")
        for t in teams.TEAMS
    ]  # fmt: skip
    for number, rep in enumerate(sorted(REPS, key=lambda r: (r.hired, r.name)), 1):
        staff.append(
            Member(
                f"R{number:03}",
                rep.name,
                "rep",
                manager_id[rep.team],
                rep.team,
                segment[rep.team],
                territory_id(rep.territory),
                date.fromisoformat(rep.hired),
                date.fromisoformat(rep.left) if rep.left else None,
                rep.gender,
            )
        )
    return staff


def brief_seller(member: Member, rep: Rep, *, number: int, workdays: Workdays, seed: int) -> Seller:
    """Draws what the roster leaves open (ordinary spread), absences and the mix of leads."""
    rng = np.random.default_rng([seed, number, 1])
    # Cut at 1.5 standard deviations: only those with a story are far from ordinary.
    drawn = {k: float(np.exp(s * np.clip(rng.normal(), -1.5, 1.5))) for k, s in _SPREAD.items()}
    given = {k: getattr(rep, k) for k in _SPREAD}
    factors = {k: drawn[k] if given[k] is None else float(given[k]) for k in _SPREAD}
    absences = _absences(rep, rng)
    employed, present, long_leave = _presence(rep, absences)
    months = np.maximum(np.arange(HORIZON) - index(member.hired_on), 0) / 30.4
    mix = _ASSIGNED_MIX if rep.even else rng.dirichlet(_ASSIGNED_MIX * 40)
    return Seller(
        member=member, rep=rep, segment=teams.SEGMENTS[member.segment or ""], number=number,
        absences=absences, employed=employed, present=present & workdays.is_working,
        on_long_leave=long_leave, ramp=1 - np.exp(-0.25 * (months + 0.9)),
        potential=_potential(rep, factors["potential"]), source_mix=mix,
        lead_quality=0.0 if rep.even else float(rng.normal(0, 0.12)), factors=factors,
    )  # fmt: skip


def _potential(rep: Rep, potential: float) -> Floats:
    level = np.full(HORIZON, potential)
    if rep.moved:
        level[: day(rep.moved[0])] = rep.moved[3]
    return level


def _presence(rep: Rep, absences: tuple[Absence, ...]) -> tuple[Bools, Bools, Bools]:
    employed = np.ones(HORIZON, dtype=bool)
    employed[: max(day(rep.hired), 0)] = False
    if rep.left:
        employed[day(rep.left) + 1 :] = False
    away, long_leave = np.zeros(HORIZON, dtype=bool), np.zeros(HORIZON, dtype=bool)
    for a in absences:
        away[max(a.first, 0) : a.last + 1] = True
        if a.kind == "parental leave":
            long_leave[a.first : a.last + 1] = True
    return employed, employed & ~away, long_leave


def _absences(rep: Rep, rng: np.random.Generator) -> tuple[Absence, ...]:
    """Summer, winter and spring holidays, a few sick days, and a long leave where the roster has one."""
    found: list[Absence] = []
    for year in (2024, 2025, 2026):
        for month, length in ((2, 5), (4, 5), (7, 12), (10, 5), (12, 6)):
            first = index(date(year, month, 1)) + int(rng.integers(0, 40 if month == 7 else 22))
            found.append(Absence(first, first + length - 1 + int(rng.integers(0, 4)), "vacation"))
        for _ in range(int(rng.poisson(1.6))):
            first = index(date(year, 1, 8)) + int(rng.integers(0, 340))
            found.append(Absence(first, first + int(rng.geometric(0.45)) - 1, "sickness"))
    if rep.back_from_leave:
        gone, back = (day(d) for d in rep.back_from_leave)
        found = [a for a in found if a.last < gone or a.first >= back]
        found.append(Absence(gone, back - 1, "parental leave"))
    # For people with even luck the story's last weeks stay free of absences.
    limit = day(rep.no_absence_since) if rep.no_absence_since else DAYS - 35 if rep.even else DAYS
    hired, left = day(rep.hired), day(rep.left) if rep.left else DAYS
    kept = [
        a for a in found
        if a.kind == "parental leave" or (max(hired, 0) <= a.first and a.last < min(limit, left))
    ]  # fmt: skip
    return tuple(sorted(_apart(kept, "parental leave"), key=lambda a: a.first))


def _apart(absences: list[Absence], always: str) -> list[Absence]:
    """Leaves out absences that overlap an earlier one (two kinds on one day would count twice)."""
    kept: list[Absence] = [a for a in absences if a.kind == always]
    for a in sorted(absences, key=lambda a: a.first):
        if a.kind != always and all(a.first > k.last or a.last < k.first for k in kept):
            kept.append(a)
    return kept


def spans(rep: Rep) -> list[tuple[date, date | None, str, str]]:
    """Where a rep was over time: (from, first day no longer, team, territory)."""
    hired = date.fromisoformat(rep.hired)
    left = as_date(day(rep.left) + 1) if rep.left else None
    if not rep.moved:
        return [(hired, left, rep.team, rep.territory)]
    moved_on, team, territory, _ = rep.moved
    change = date.fromisoformat(moved_on)
    return [(hired, change, team, territory), (change, left, rep.team, rep.territory)]
