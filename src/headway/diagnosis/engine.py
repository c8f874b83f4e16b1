"""Splits a gap in bookings into what is the person's and what is not; adds up to the cent."""

from datetime import date, timedelta

import numpy as np

from headway.detection.analysis import Analysis, first_name
from headway.detection.chances import EFFORT, SIZE
from headway.detection.engine import analyse
from headway.detection.facts_port import FactsLike
from headway.detection.signal import NotEvaluable, Signal, SignalReport
from headway.detection.stage_rows import RECENT_WEEKS
from headway.diagnosis import sentences as say
from headway.diagnosis.basis import Basis, basis_of, places
from headway.diagnosis.diagnosis import Diagnosis, ExternalFactor, GapPart, SwapTest
from headway.diagnosis.own_past import own_past
from headway.diagnosis.rules import (
    FIXED,
    MIX,
    OWN,
    PRESENCE,
    RAMP,
    gap_shares,
    in_cents,
    model_bookings,
    skill_or_effort,
)
from headway.diagnosis.swap import swap_test
from headway.diagnosis.window import draw_factors
from headway.stats.arrays import Floats

DRAWS = 400
# A part below 3 % of what was expected is a trifle, however sure it is.
LEAST_SHARE = 0.03
# Named only where they differ from what is usual.
_SELDOM = {"presence": PRESENCE, "ramp": RAMP, "mix": MIX}
SEED = 20260101


def diagnose(facts: FactsLike, person_id: str, *, report: SignalReport) -> Diagnosis | NotEvaluable:
    """Diagnosis of one person; NotEvaluable with the reason where there is no estimate."""
    return diagnose_analysed(facts, analyse(facts), person_id, report=report)


def diagnose_analysed(
    facts: FactsLike, analysis: Analysis, person_id: str, *, report: SignalReport
) -> Diagnosis | NotEvaluable:
    """As `diagnose`, on an analysis already made."""
    return _diagnose_one(facts, basis_of(facts, analysis), person_id, report)


def diagnose_all(
    facts: FactsLike, report: SignalReport, *, analysis: Analysis | None = None
) -> dict[str, Diagnosis | NotEvaluable]:
    """Diagnoses of everybody in the report, the work shared."""
    basis = basis_of(facts, analysis or analyse(facts))
    return {entry.person_id: _diagnose_one(facts, basis, entry.person_id, report) for entry in report.people}


def _diagnose_one(
    facts: FactsLike, basis: Basis | None, person_id: str, report: SignalReport
) -> Diagnosis | NotEvaluable:
    entry = report.of(person_id)
    if entry is None:
        return NotEvaluable(person_id, report.as_of, "not_active", *say.not_active(person_id))
    if isinstance(entry, NotEvaluable):
        return entry
    without = {"no_amounts"} if basis is None else _amounts_missing(basis)
    if basis is None or without:
        return NotEvaluable(person_id, report.as_of, "no_amounts", *say.no_amounts(few="few_amounts" in without))
    person = basis.analysis.roster.position[person_id]
    if not np.isfinite(basis.actual[person]):
        return NotEvaluable(person_id, report.as_of, "foreign_currency", *say.foreign_currency(facts.currency))
    return _split(facts, basis, person, entry)


def _amounts_missing(basis: Basis) -> set[str]:
    """Why there is no gap in money; empty where there is one, also where every deal has the same amount."""
    left_out = {m.reason for m in basis.analysis.evidence.not_evaluable if m.key == SIZE}
    return left_out & {"no_amounts", "few_amounts"}


def _split(facts: FactsLike, basis: Basis, person: int, entry: Signal) -> Diagnosis:
    roster = basis.analysis.roster
    # the same draws for everybody: a range must not change because ids do, or because somebody joined
    rng = np.random.default_rng(SEED)
    centre, sd = basis.factors[person], basis.sd[person]
    draws = np.tile(centre, (DRAWS, 1))
    draws[:, :FIXED] *= np.exp(rng.standard_normal((DRAWS, FIXED)) * sd)
    made = draw_factors(basis.levels, person, draws=DRAWS, rng=rng)
    for place, j in places(basis.levels.estimate, basis.measure):
        draws[:, place] = made[:, j]
    standard, actual = float(basis.standard[person]), float(basis.actual[person])
    gap = round(standard, 2) - round(actual, 2)
    shares = gap_shares(np.vstack([centre[None], draws]), basis.self_share) * standard
    present = [k for k, key in enumerate(basis.keys) if _matters(basis, key, person)]
    rest = gap - shares.sum(axis=1)
    everything = np.column_stack([shares[:, present], rest])
    names = [basis.keys[k] for k in present] + ["rest"]
    parts = _parts(names, everything, gap)
    losses = -np.log(draws)
    conversion = losses[:, FIXED:].sum(axis=1)
    effort = -np.log1p(basis.self_share * np.expm1(-losses[:, OWN]))
    verdict = skill_or_effort(conversion, effort, clear=_stands_out(parts, standard))
    external = _external(basis, person)
    strengths = tuple(
        say.strength_sentence(row.key, row.rate, row.peer_rate)
        for row in entry.stages
        if row.finding == "above" and row.rate > row.peer_rate
    )
    start = roster.as_of - timedelta(days=7 * min(RECENT_WEEKS, roster.weeks) - 1)
    since = _changed_within(basis, entry, start)
    words = _sentences(basis, person, gap, parts, verdict.skill, verdict.effort, facts.currency, start, since)
    past = own_past(basis.analysis, basis.earlier, person, entry)
    return Diagnosis(
        entry.person_id,
        roster.as_of,
        start,
        facts.currency,
        round(gap, 2),
        round(standard, 2),
        round(actual, 2),
        parts,
        verdict.skill,
        verdict.effort,
        verdict.cannot_tell,
        external,
        strengths,
        words,
        _swapped(basis, person, draws, facts.currency),
        past,
    )


def _swapped(basis: Basis, person: int, draws: Floats, currency: str) -> SwapTest | None:
    """The swap test; None without a quota or amounts. Uses draws of its own: the parts stay as they are."""
    roster = basis.analysis.roster
    quota = basis.quotas.get(roster.ids[person])
    if quota is None or basis.sizes is None or basis.standard[person] <= 0:
        return None
    place = np.ones_like(draws)
    place[:, :OWN] = draws[:, :OWN]
    days = 7.0 * min(RECENT_WEEKS, roster.weeks)
    segment = int(roster.segment[person])
    return swap_test(
        quota,
        median_per_day=model_bookings(place, basis.self_share) * float(basis.standard[person]) / days,
        size_mean=float(basis.sizes.mean[segment]),
        size_sd=float(basis.sizes.sd[segment]),
        currency=currency,
        name=first_name(roster.names[person]),
        rng=np.random.default_rng([SEED, 1]),
    )


def _matters(basis: Basis, key: str, person: int) -> bool:
    """Leave out parts that cannot differ from zero for this person."""
    if key == EFFORT:
        return basis.self_share > 0
    if key == "territory":
        return bool(np.isfinite(basis.analysis.roster.potential[person]))
    if key in _SELDOM:
        return bool(abs(basis.factors[person, _SELDOM[key]] - 1.0) > 0.005)
    return True


def _parts(names: list[str], shares: Floats, gap: float) -> tuple[GapPart, ...]:
    amounts = in_cents([float(a) for a in shares[0]], gap)
    parts = []
    for place, (key, amount) in enumerate(zip(names, amounts, strict=True)):
        low, high = (float(v) for v in np.quantile(shares[1:, place], [0.05, 0.95]))
        low, high = min(round(low, 2), amount), max(round(high, 2), amount)
        mine = key not in ("presence", "ramp", "territory", "leads", "deals", "mix", "rest")
        parts.append(GapPart(key, say.part_name(key), amount, low, high, mine, low > 0 or high < 0, say.part_note(key)))
    return tuple(parts)


def _external(basis: Basis, person: int) -> tuple[ExternalFactor, ...]:
    found = []
    for key, value in (
        ("territory", basis.analysis.roster.potential[person]),
        ("lead_volume", basis.lead_volume[person]),
        ("lead_quality", basis.lead_quality[person]),
    ):
        share = float(value) if np.isfinite(value) else None
        bound = basis.analysis.policy.poor_territory_below
        state = "open" if share is None else "todo" if share < bound else "ok"
        found.append(ExternalFactor(key, say.external_name(key), state, say.external_sentence(key, state, share)))
    for key in ("accounts", "playbook", "market"):
        found.append(ExternalFactor(key, say.external_name(key), "open", say.external_sentence(key, "open", None)))
    return tuple(found)


def _changed_within(basis: Basis, entry: Signal, start: date) -> date | None:
    """Day of a lasting change of results inside the window, if there is one."""
    certain = entry.p_change >= basis.analysis.policy.change_probability
    return entry.since if certain and entry.since is not None and entry.since > start else None


def _sentences(
    basis: Basis,
    person: int,
    gap: float,
    parts: tuple[GapPart, ...],
    skill: float,
    effort: float,
    currency: str,
    start: date,
    since: date | None,
) -> tuple[str, ...]:
    name = first_name(basis.analysis.roster.names[person])
    words = [
        say.gap_sentence(
            name,
            gap=gap,
            expected=float(basis.standard[person]),
            actual=float(basis.actual[person]),
            currency=currency,
            start=start,
            end=basis.analysis.roster.as_of,
        )
    ]
    if since is not None:
        words.append(say.change_sentence(since))
    if gap <= 0:
        return tuple(words)
    named = sorted((p for p in parts if p.key != "rest" and p.amount > 0.1 * gap), key=lambda p: -p.amount)
    clear = [p for p in named if p.clear]
    unit = say.unit_of(float(basis.standard[person]), float(basis.actual[person]))
    words.extend(say.part_sentence(p, currency, unit=unit) for p in clear[:3])
    mine = _stands_out(parts, float(basis.standard[person]))
    if not mine:
        words.append(say.unclear_sentence())
    words.append(
        say.evidence_sentence(skill, effort, clear=mine, both=_both_clear(parts))
        if basis.self_share > 0
        else say.no_effort_sentence(skill, clear=mine)
    )
    return tuple(words)


def _both_clear(parts: tuple[GapPart, ...]) -> bool:
    """Whether leads found alone and something else of the person's both cost money beyond luck."""
    clear = {p.key for p in parts if p.controllable and p.clear and p.amount > 0}
    return EFFORT in clear and len(clear) > 1


def _stands_out(parts: tuple[GapPart, ...], expected: float) -> bool:
    """Whether a part that is the person's costs money beyond luck, and enough of it to matter."""
    return any(p.controllable and p.clear and p.amount > LEAST_SHARE * expected for p in parts)
