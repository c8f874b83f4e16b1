"""The one or two most concrete sentences about a person, for a list; every number is counted in the facts."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.detection import change_sentences as changed
from headway.detection import sentences as say
from headway.detection.before_after import BeforeAfter
from headway.detection.chances import EFFORT, SIZE
from headway.detection.evidence import Evidence
from headway.detection.moves import Move
from headway.detection.roster import Roster
from headway.detection.signal import MISSED, Finding, StageEvidence

YEAR = 52
WEEKS_A_MONTH = 365.25 / 12 / 7
# fewer decided chances than this on a side would be an anecdote
LEAST_BEFORE, LEAST_AFTER = 10, 5
# what the figures say lies outside the person, or in time
OUTSIDE = (*MISSED, Finding.RAMPING, Finding.RECOVERING)
CHANGED = (Finding.REAL_DROP, Finding.EARLY_SIGN, Finding.RECOVERING)


@dataclass(frozen=True)
class Case:
    """What is known of one person when the sentences are chosen. wins: expected and observed, if known;
    moves: what changed around the person near `since`; behind: people behind their quota, of how many; colleague: share
    of the quota a comparable colleague would have reached; since_rate: what colleagues would have made of what was
    decided since the change (leads found alone: a week)."""

    name: str
    finding: Finding
    since: date | None
    change: BeforeAfter | None
    wins: tuple[float, float] | None
    leads: bool
    rows: tuple[StageEvidence, ...]
    attainment: float | None
    potential: float | None
    month: int | None
    ramp_months: int | None
    says_little: bool
    currency: str
    moves: tuple[Move, ...] = ()
    behind: tuple[int, int] = (0, 0)
    colleague: float | None = None
    since_rate: float | None = None


def reasons(case: Case) -> tuple[str, ...]:
    """One or two sentences, the most concrete first."""
    found = []
    if case.finding is Finding.RAMPING and case.month is not None:
        found.append(say.ramp_sentence(case.month, case.ramp_months))
    if case.finding is Finding.OUT_OF_REACH and case.attainment is not None and case.colleague is not None:
        found.append(say.reach_sentence(case.attainment, case.colleague, leads=case.leads))
    elif case.finding in MISSED:
        if case.attainment is not None:
            shown = case.potential if case.finding is Finding.TERRITORY else None
            found.append(say.quota_sentence(case.attainment, shown))
        elif case.potential is not None:
            found.append(say.territory_sentence(case.potential))
    if case.finding is Finding.SHARED:
        found.append(say.behind_sentence(*case.behind))
    if case.finding in CHANGED and case.change is not None and case.since is not None:
        found.append(changed.before_after_sentence(case.name, case.since, case.change, currency=case.currency))
        if case.since_rate is not None:
            found.append(changed.since_then_sentence(case.change, case.since_rate))
    if case.finding in CHANGED and case.moves:
        found.append(changed.move_sentence(case.moves[0], case.name))
    if case.wins is not None and _wins_tell(case):
        expected, observed = case.wins
        found.append(say.wins_sentence(case.name, expected=expected, observed=observed, leads=case.leads))
    found.extend(_standing_out(case))
    if not found:
        found.append(say.says_little_sentence() if case.says_little else say.where_colleagues_are())
    return tuple(found[:2])


def _wins_tell(case: Case) -> bool:
    """Whether the comparison of wins supports the finding rather than muddling it."""
    assert case.wins is not None
    expected, observed = round(case.wins[0]), round(case.wins[1])
    if case.finding in (Finding.BELOW, Finding.REAL_DROP, Finding.EARLY_SIGN):
        return observed < expected
    if case.finding is Finding.WELL:
        return observed > expected
    return case.finding in OUTSIDE


def _standing_out(case: Case) -> list[str]:
    """Steps that differ clearly: in the finding's direction; both for somebody steady."""
    wanted = {Finding.WELL: ("above",), Finding.STEADY: ("above", "below")}.get(case.finding, ("below",))
    if case.finding in OUTSIDE:
        return []
    found = []
    for side in wanted:
        rows = [r for r in case.rows if _tells(r, side, case.finding)]
        if rows:
            row = max(rows, key=lambda r: abs(np.log(max(r.rate, 1e-9) / max(r.peer_rate, 1e-9))))
            found.append(say.step_sentence(row, currency=case.currency))
    return found


def _tells(row: StageEvidence, side: str, finding: Finding) -> bool:
    """Whether the half year's rate lies on that side by more than luck; for somebody named, as these chances alone
    show it: a step that may be on the mend is still what the half year lacked."""
    if (row.rate > row.peer_rate) != (side == "above"):
        return False
    return row.finding == side or (finding is Finding.BELOW and row.high < row.peer_rate)


def before_after(evidence: Evidence, roster: Roster, person: int, key: str, week: int) -> BeforeAfter | None:
    """What was counted around a week for the measure `key`; None where too little was decided on a side."""
    if key == EFFORT and evidence.own is not None:
        return weekly_before_after(evidence.own, roster, person, key, week)
    if key == SIZE and evidence.won is not None:
        mine = evidence.won.rep == person
        return _sizes(evidence.won.week[mine], evidence.won.log_amount[mine], week)
    step = next((s for s in evidence.steps if s.key == key), None)
    if step is None:
        return None
    mine = (step.rep == person) & ((step.lag >= 0) | (step.lost >= 0))
    won = step.lag[mine] >= 0
    end = step.week[mine] + np.where(won, step.lag[mine], step.lost[mine])
    count = step.count[mine]
    first, last = (end >= week - YEAR) & (end < week), end >= week
    totals = float(count[first].sum()), float(count[last].sum())
    if totals[0] < LEAST_BEFORE or totals[1] < LEAST_AFTER:
        return None
    done = float(count[first & won].sum()), float(count[last & won].sum())
    return BeforeAfter(key, "conversion", done[0], totals[0], done[1], totals[1])


def weekly_before_after(
    counts: np.ndarray, roster: Roster, person: int, key: str, week: int, *, kind: str = "effort"
) -> BeforeAfter | None:
    """Mean per week at work in the year before a week and since; counts (people, weeks)."""
    begun = int(np.nan_to_num(max(roster.first_week[person], 0.0)))
    first, last = slice(max(week - YEAR, begun), week), slice(week, None)
    present = roster.present[person, first].sum(), roster.present[person, last].sum()
    if present[0] < 8 or present[1] < 2:
        return None
    rates = counts[person, first].sum() / present[0], counts[person, last].sum() / present[1]
    return BeforeAfter(key, kind, float(rates[0]), float(present[0]), float(rates[1]), float(present[1]))


def _sizes(weeks: np.ndarray, log_amount: np.ndarray, week: int) -> BeforeAfter | None:
    first, last = (weeks >= week - YEAR) & (weeks < week), weeks >= week
    if first.sum() < LEAST_BEFORE or last.sum() < LEAST_AFTER:
        return None
    typical = float(np.exp(np.median(log_amount[first]))), float(np.exp(np.median(log_amount[last])))
    return BeforeAfter(SIZE, "size", typical[0], float(first.sum()), typical[1], float(last.sum()))
