"""Prints the figures beside their targets, today's rules and the limit."""

import numpy as np

from bench.simulation.figures import Rows, area, false_flag_ratio, found_at, share
from bench.simulation.weekly import Seen, ideal_waits, waits_of


def heading(text: str, *, plain: str = "quota", best: str = "limit") -> None:
    """A section; columns: the engine, today's practice, the limit, the target."""
    print(f"\n{text}\n  {'':<46}{'engine':>8}{plain:>8}{best:>8}   target")


def row(text: str, engine: float, target: str = "", *, plain: float | None = None, best: float | None = None) -> None:
    """One figure."""
    cells = "".join(f"{'' if v is None else f'{v:.3f}':>8}" for v in (engine, plain, best))
    print(f"  {text:<46}{cells}   {target}")


def main_table(title: str, rows: Rows) -> None:
    """Targets 2 to 5 for teams of 100, and the ramping and the poor territories of 6."""
    heading(
        f"{title}: {rows.worlds} worlds, {100 * rows.under.mean():.0f} % under, {100 * rows.fine.mean():.0f} % fine, "
        f"{len(rows.index)} of {rows.people} evaluable"
    )
    p, best = rows.p_under, rows.limit_under
    under, fine = rows.under, rows.fine
    row("2 area under the curve", area(p, under, fine), ">= .94", plain=area(rows.behind, under, fine),
        best=area(best, under, fine))  # fmt: skip
    row("2   of who sees what the engine sees and knows how people differ", area(rows.seen_under, under, fine))
    for rate, target in ((0.05, ">= .68"), (0.01, ">= .42")):
        row(f"2 found at {100 * rate:.0f} % false flags", found_at(p, rows, rate), target,
            plain=found_at(rows.behind, rows, rate), best=found_at(best, rows, rate))  # fmt: skip
    ideal = best >= rows.limit_fine
    named, formal, sure = rows.tier >= 2, rows.tier == 3, best >= 0.9
    row("3 support: found", share(named, under), ">= .50", plain=share(rows.missed_twice, under),
        best=share(ideal, under))  # fmt: skip
    row("3   fine among named", share(fine, named), "stated +- .02", plain=share(fine, rows.missed_twice),
        best=share(fine, ideal))  # fmt: skip
    row("3   stated", share(rows.p_fine, named))
    row("4 formal: found", share(formal, under), ">= .30", plain=share(rows.bottom, under), best=share(sure, under))
    row("4   false flags among fine", share(formal, fine), "<= .001", plain=share(rows.bottom, fine),
        best=share(sure, fine))  # fmt: skip
    row("4   fine among named", share(fine, formal), "<= .02", plain=share(fine, rows.bottom), best=share(fine, sure))
    row("5 nine-in-ten ranges hold", float(rows.covered.mean()), ".88 to .92")
    for text, here in (("ramping people, false flags", rows.ramping), ("people on poor territories", rows.poor)):
        engine, quota, ideal_ratio = (false_flag_ratio(score, rows, here) for score in (p, rows.behind, best))
        row(f"6 fine {text}, ratio", engine, "<= 1.2", plain=quota, best=ideal_ratio)
        row("6   of those truly named", _ratio(named, here & fine, fine), "<= 1.2")
    row("11 parts of the gap add up, largest error", float(rows.off.max()), "0")
    row(f"11 weakest step right ({int(rows.stage_judged.sum())} people)",
        share(rows.stage_right, rows.stage_judged > 0), ">= .70",
        best=share(rows.stage_limit, rows.stage_judged > 0))  # fmt: skip
    print("  (quota: rows 2 share of quota in two quarters, 3 missed twice running, 4 bottom tenth by bookings)")


def team_row(people: int, rows: Rows) -> None:
    """Target 3 and 5 for a team size."""
    named, formal = rows.tier >= 2, rows.tier == 3
    print(
        f"  {people:>3} people, {rows.worlds} worlds: AUC {area(rows.p_under, rows.under, rows.fine):.3f}, ranges hold "
        f"{rows.covered.mean():.3f}; support found {share(named, rows.under):.2f}, fine among named "
        f"{share(rows.fine, named):.3f} (stated {share(rows.p_fine, named):.3f}); formal found "
        f"{share(formal, rows.under):.2f}, fine among them {share(rows.fine, formal):.3f}"
    )


def same_table(rows: Rows, with_formal: int, title: str) -> None:
    """Target 1: nobody differs."""
    print(f"\n{title}: {rows.worlds} worlds")
    row("1 worlds with a formal flag", with_formal / rows.worlds, "<= .01")
    row("1 people named at all, of 100", 100 * float((rows.tier >= 2).mean()), "0",
        plain=100 * float(rows.missed_twice.mean()))  # fmt: skip


def groups_table(rows: Rows) -> None:
    """Target 6: groups of equal skill, one on territories a fifth poorer."""
    heading(f"two groups of equal skill on unequal territories: {rows.worlds} worlds")
    one, two = rows.group & rows.fine, ~rows.group & rows.fine
    engine, quota, ideal, seen = (
        _ratio(score > np.quantile(score[rows.fine], 0.95), one, two)
        for score in (rows.p_under, rows.behind, rows.limit_under, rows.seen_under)
    )
    row("6 false flags, poorer over richer group", engine, "<= 1.15", plain=quota, best=ideal)
    row("6   the same by who sees what the engine sees and knows how people differ", seen)
    row("6   of those truly named", _ratio(rows.tier >= 2, one, two), "<= 1.15")


def _ratio(flagged: np.ndarray, one: np.ndarray, two: np.ndarray) -> float:
    """Share flagged of one group over that of the other; NaN where nobody of the other is."""
    other = share(flagged, two)
    return share(flagged, one) / other if other > 0 else float("nan")


def weekly_table(title: str, worlds: list[Seen]) -> None:
    """Target 7: early warnings, looked at every week; the limit at as many false alarms as the target allows."""
    found, best = waits_of(worlds, [w.warned for w in worlds]), ideal_waits(worlds)
    heading(f"{title}, early warnings, weekly looks: {len(worlds)} worlds, {found.fine_years:.0f} fine rep-years")
    for kind, text, target in (
        ("all", "until a fall is seen", 12),
        ("effort", "  of effort", 4),
        ("skill", "  of skill", 22),
    ):
        count = int(found.of(kind).sum())
        row(f"7 weeks {text}, median ({count})", found.median(kind), f"<= {target}", best=best.median(kind))
    for kind, weeks in (("effort", 13), ("skill", 26)):
        row(f"7 falls of {kind} seen within {weeks} weeks", found.seen_within(weeks, kind), "",
            best=best.seen_within(weeks, kind))  # fmt: skip
    row("7 false alarms per fine rep-year", found.false_alarms, "<= .10", best=best.false_alarms)
    padded = sum(w.padded for w in worlds)
    row(f"7 people changed by {padded} others’ inflated activity", float(sum(w.changed for w in worlds)), "0")
