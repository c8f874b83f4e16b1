"""`headway running …`: how a plan goes, its check-ins and both sides, by the person of `HEADWAY_TOKEN`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
JSON = Annotated[bool, typer.Option("--json", help="One JSON document.")]
NUMBER = Annotated[int, typer.Argument(help="The plan's number, see `headway plan list`.")]
MEETING = Annotated[int, typer.Argument(help="The check-in's number.")]
KEY = Annotated[str, typer.Argument(help="The promise's key, see `headway running ledger`.")]
ON = Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today if left out.")]
WHY = Annotated[str, typer.Option("--why", help="The reason; both read it.")]


def register(app: typer.Typer) -> None:
    """Add `headway running`."""
    group = typer.Typer(help="Running plans: progress, check-ins, what both sides gave.", no_args_is_help=True)
    for command in (progress, ledger, check_ins, held, move, skip, given, answer):
        group.command(command.__name__.replace("_", "-"))(command)
    app.add_typer(group, name="running")


def _plan(number: int) -> tuple[Any, Any]:
    """The person of the token (or the operator), and the plan."""
    from headway.core.commanding import commander
    from headway.running.queries import running_plan_for

    by = commander()
    return by, running_plan_for(by, number)


def _day(text: str | None) -> Any:
    from headway.core import clock
    from headway.detection.commands import day

    return day(text) or clock.today()


def _rows(rows: list[dict[str, Any]], *, json_out: bool, name: str) -> None:
    if json_out:
        print(json.dumps({name: rows}, ensure_ascii=False, default=str))  # noqa: T201
        return
    table = Table(*(rows[0] if rows else ["nothing yet"]), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    out.print(table)


def progress(number: NUMBER, json_out: JSON = False) -> None:
    """Every goal against its path, and what can be told."""
    from headway.running.progress import progress_of

    by, plan = _plan(number)
    rows = [
        {"goal": one.goal.key, "measure": one.goal.metric_name, "value": one.value, "target": one.goal.target,
         "path": one.path_value, "standing": str(one.standing), "as_of": one.as_of}
        for one in progress_of(plan, by=by)
    ]  # fmt: skip
    _rows(rows, json_out=json_out, name="goals")


def ledger(number: NUMBER, json_out: JSON = False) -> None:
    """What both sides gave; keys for `given` and `answer`."""
    from headway.running.ledger import ledger_of

    _by, plan = _plan(number)
    found = ledger_of(plan)
    rows = [
        {
            "side": side,
            "key": line.key,
            "text": line.text,
            "owner": line.owner,
            "due": line.due,
            "state": str(line.state),
        }
        for side, lines in (("rep", found.rep), ("company", found.company))
        for line in lines
    ]
    _rows(rows, json_out=json_out, name="lines")


def check_ins(number: NUMBER, json_out: JSON = False) -> None:
    """All check-ins of a plan."""
    _by, plan = _plan(number)
    rows = [{"number": one.number, "on": one.on, "at": f"{one.at:%H:%M}", "state": one.state,
             "shared": one.shared_at is not None} for one in plan.meetings.all()]  # fmt: skip
    _rows(rows, json_out=json_out, name="check_ins")


def _meeting(number: int, meeting: int) -> dict[str, Any]:
    from headway.running.queries import check_in_for

    by, plan = _plan(number)
    return {"check_in": check_in_for(by, plan, meeting), "by": by}


def _say(row: Any) -> None:
    out.print(f"Check-in {row.number} is on {row.on}, {row.get_state_display()}.")


def held(
    number: NUMBER, meeting: MEETING, on: Annotated[str | None, typer.Option(help="The day; today.")] = None
) -> None:
    """Say that a check-in took place."""
    from headway.running.actions.check_ins import hold_check_in

    _say(hold_check_in(**_meeting(number, meeting), held_on=_day(on)))


def move(
    number: NUMBER, meeting: MEETING, to: Annotated[str, typer.Option(help="The new day, YYYY-MM-DD.")], why: WHY = ""
) -> None:
    """Put a check-in on another day."""
    from headway.running.actions.check_ins import move_check_in

    _say(move_check_in(**_meeting(number, meeting), to=_day(to), why=why))


def skip(number: NUMBER, meeting: MEETING, why: WHY) -> None:
    """Say that a check-in does not take place."""
    from headway.running.actions.check_ins import skip_check_in

    _say(skip_check_in(**_meeting(number, meeting), why=why))


def given(
    number: NUMBER,
    key: KEY,
    on: ON = None,
    hours: Annotated[float | None, typer.Option(help="Hours it took.")] = None,
    note: Annotated[str, typer.Option(help="A few words.")] = "",
    part: Annotated[bool, typer.Option("--part", help="Not all of it was given yet.")] = False,
) -> None:
    """Write down that promised support was given."""
    from headway.core.commanding import commander
    from headway.running.actions.ledger import give_support
    from headway.running.queries import promise_for

    by = commander()
    row = give_support(
        promise=promise_for(by, number, key), on=_day(on), hours=hours, note=note, whole=not part, by=by
    )  # fmt: skip
    out.print(f"Written down for {row.on}.")


def answer(number: NUMBER, key: KEY, why: WHY) -> None:
    """Answer for support that was not given."""
    from headway.running.actions.ledger import answer_support

    by, plan = _plan(number)
    answer_support(plan=plan, key=key, answer=why, by=by)
    out.print("The answer stands beside the promise.")
