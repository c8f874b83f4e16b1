"""`headway target` and `headway forecasts`."""

from __future__ import annotations

import contextlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from headway.plans.outlook.queries import Calibration
    from headway.plans.outlook.reaching import Answer


def register(app: typer.Typer) -> None:
    """Add these commands to `headway`."""
    app.command("target")(target)
    app.command("forecasts")(forecasts)


def target(
    person: str = typer.Argument(help="The person (id, name or e-mail)."),
    metric: str = typer.Option(..., "--metric", help="For example revenue, deals_won, win_rate, calls."),
    value: str = typer.Option(..., "--target", help="The target; shares as 0.45 or 45%."),
    start: str = typer.Option(..., "--start", help="The first day, YYYY-MM-DD."),
    end: str = typer.Option(..., "--end", help="The first day after it, YYYY-MM-DD."),
    as_of: str | None = typer.Option(
        None, "--as-of", help="Nothing later counts. The day before the start, or the last day with facts."
    ),
    json_out: bool = typer.Option(False, "--json", help="One JSON document."),
) -> None:
    """Can this target be reached, and is it fair?"""
    from headway.core.actors import SYSTEM
    from headway.core.errors import WrongUsage
    from headway.detection.commands import day
    from headway.facts.warehouse.at_hand import facts_at_hand
    from headway.metrics.commands import person_named
    from headway.plans.outlook import actions
    from headway.plans.outlook.reaching import Question, answer

    first, last = _day(start), _day(end)
    if last <= first:
        raise WrongUsage("The end must come after the start", value=end, todo="Give a later day.")
    with facts_at_hand(day(as_of)) as facts:
        known = facts.as_of
    if as_of is None and first <= known:
        known = first - timedelta(days=1)
    with facts_at_hand(known) as facts:
        who = person_named(facts.con, person)
        found = answer(facts, metric, Question(who, _number(value), first, last))
    actions.log_forecast(person_id=who, answer=found, made_for="target", by=SYSTEM)
    typer.echo(json.dumps(document(found), ensure_ascii=False, indent=1) if json_out else _text(found))


def _day(text: str) -> date:
    from headway.detection.commands import day

    found = day(text)
    assert found is not None
    return found


def _number(text: str) -> float:
    import math

    from headway.core.errors import WrongUsage

    plain = text.strip().replace(",", "").replace(" ", "")
    share = plain.endswith("%")
    try:
        found = float(plain.rstrip("%"))
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or found < 0:
        raise WrongUsage("The target is not a number", value=text, todo="Write it like 150000 or 45%.")
    return found / 100 if share else found


def document(found: Answer) -> dict[str, Any]:
    """The command's JSON document; fields may be added, never renamed."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        "person_id": found.person_id,
        "metric": found.metric,
        "target": found.target,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "as_of": found.as_of.isoformat(),
        "unit": found.unit,
        "currency": found.currency,
        "evaluable": found.p_person is not None,
        "p_person": rounded(found.p_person),
        "p_adequate_peer": rounded(found.p_adequate_peer),
        "p_typical_peer": rounded(found.p_typical_peer),
        "fair": found.fair,
        "proposed_target": rounded(found.proposed),
        "proposed_days": found.proposed_days,
        "expected": rounded(found.expected),
        "median_cycle_days": rounded(found.cycle_days),
        "path": [{"on": on.isoformat(), "value": round(value, 2)} for on, value in found.path],
        "reason": found.reason,
        "not_evaluable": None if found.p_person is not None else {"code": found.code, "reason": found.reason},
    }


def _text(found: Answer) -> str:
    if found.p_person is None:
        return found.reason
    from headway.plans.wording import chance

    return f"{found.reason}\nAt today's pace: {chance(found.p_person)}."


def forecasts(json_out: bool = typer.Option(False, "--json", help="One JSON document.")) -> None:
    """How often forecasts have come true so far."""
    from headway.core.actors import SYSTEM
    from headway.core.errors import NotFound
    from headway.plans.outlook.queries import calibration
    from headway.plans.outlook.settling import settle_due

    with contextlib.suppress(NotFound):  # nothing is loaded, so nothing is over
        settle_due()
    found = calibration(SYSTEM)
    typer.echo(json.dumps(calibration_document(found), indent=1) if json_out else _table(found))


def calibration_document(found: Calibration) -> dict[str, Any]:
    """The command's JSON document; fields may be added, never renamed."""
    return {
        "made": found.made,
        "settled": found.settled,
        "enough": found.enough,
        "brier": found.brier,
        "calibration_error": found.error,
        "classes": [
            {"from": k.low, "to": k.high, "n": k.n, "stated": round(k.stated, 4), "came_true": round(k.came_true, 4)}
            for k in found.classes
        ],
    }


def _table(found: Calibration) -> str:
    head = f"{found.made} forecasts made, {found.settled} of them over."
    if not found.enough:
        return f"{head} Not enough yet to say how well chances come true: 50 are needed."
    rows = [f"  said {k.stated:4.0%}  came true {k.came_true:4.0%}  ({k.n})" for k in found.classes]
    return "\n".join([f"{head} Brier score {found.brier:.3f}, calibration error {found.error:.3f}.", *rows])
