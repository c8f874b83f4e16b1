"""`headway plan list | show | share | submit | …`: the steps of a plan, taken by the person of `HEADWAY_TOKEN`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
JSON = Annotated[bool, typer.Option("--json", help="One JSON document.")]
NUMBER = Annotated[int, typer.Argument(help="The plan's number, see `headway plan list`.")]
REASON = Annotated[str, typer.Option("--reason", help="Why; people read it.")]
WORDS = Annotated[str, typer.Option("--message", help="A few words to go with it.")]


def register(group: typer.Typer) -> None:
    """Add the commands to `headway plan`."""
    group.command("list")(list_plans)
    group.command("show")(show)
    group.command("share")(share)
    group.command("submit")(submit)
    group.command("return")(send_back)
    group.command("approve")(approve)
    group.command("present")(present)
    group.command("acknowledge")(acknowledge)
    group.command("start")(start)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("withdraw")(withdraw)
    group.command("close")(close)
    group.command("appeal")(appeal)


def _line(plan: Any) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "person_id": plan.person_id,
        "name": plan.name,
        "kind": str(plan.kind),
        "state": str(plan.state),
        "start_on": plan.start_on.isoformat(),
        "last_on": plan.last_on.isoformat(),
        "version": plan.version,
    }


def list_plans(
    person: Annotated[str | None, typer.Option(help="Only plans about this person.")] = None,
    state: Annotated[str | None, typer.Option(help="Only plans in this state, like active.")] = None,
    json_out: JSON = False,
) -> None:
    """List the plans you may see, the next date first."""
    from headway.core.commanding import commander
    from headway.core.errors import WrongUsage
    from headway.plans.queries import plans_for
    from headway.plans.states import PlanState

    if state is not None and state not in set(PlanState):
        raise WrongUsage("There is no such state", value=state, todo=f"Choose one of: {', '.join(PlanState)}.")
    rows = plans_for(commander())
    if person is not None:
        rows = rows.filter(person_id=person)
    if state is not None:
        rows = rows.filter(state=state)
    found = [_line(plan) for plan in rows]
    if json_out:
        print(json.dumps({"plans": found}, ensure_ascii=False))  # noqa: T201
        return
    table = Table("plan", "person", "name", "state", "from", "to", box=None, pad_edge=False)
    for row in found:
        table.add_row(*(str(row[key]) for key in ("id", "person_id", "name", "state", "start_on", "last_on")))
    out.print(table)


def show(number: NUMBER, json_out: JSON = False) -> None:
    """Show one plan: as Markdown, or the whole of it with --json."""
    from headway.core.commanding import commander
    from headway.documents.letter import Format
    from headway.plans.keeping import draft_of
    from headway.plans.papers.current import file_now
    from headway.plans.queries import plan_for

    plan = plan_for(commander(), number)
    if json_out:
        print(json.dumps({**_line(plan), "content": draft_of(plan).as_json()}, ensure_ascii=False))  # noqa: T201
        return
    print(file_now(plan, Format.MARKDOWN).decode(), end="")  # noqa: T201


def _take(number: int, step: Callable[[Any, Any], Any], *, json_out: bool) -> None:
    """Take a step as the person of the token, then say where the plan is."""
    from headway.core.commanding import commander
    from headway.plans.queries import plan_for

    by = commander()
    step(plan_for(by, number), by)
    plan = plan_for(by, number)
    if json_out:
        print(json.dumps(_line(plan), ensure_ascii=False))  # noqa: T201
        return
    out.print(f"Plan {plan.pk} for {plan.person.name} is {plan.get_state_display()}.")


def _day(text: str | None, *, otherwise: date | None = None) -> date:
    from headway.core import clock
    from headway.detection.commands import day

    return day(text) or otherwise or clock.today()


def share(number: NUMBER, message: WORDS = "", json_out: JSON = False) -> None:
    """Let the person read the plan as it stands."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.share_plan(plan=plan, message=message, by=by), json_out=json_out)


def submit(number: NUMBER, message: WORDS = "", json_out: JSON = False) -> None:
    """Send a plan to HR."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.submit_plan(plan=plan, message=message, by=by), json_out=json_out)


def send_back(number: NUMBER, reason: REASON, json_out: JSON = False) -> None:
    """Send a plan back with reasons (HR)."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.return_plan(plan=plan, reasons=reason, by=by), json_out=json_out)


def approve(number: NUMBER, reason: REASON, json_out: JSON = False) -> None:
    """Approve a plan with reasons (HR)."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.approve_plan(plan=plan, reasons=reason, by=by), json_out=json_out)


def present(
    number: NUMBER,
    held_on: Annotated[str | None, typer.Option(help="Day of the first meeting; today if left out.")] = None,
    answer_by: Annotated[str | None, typer.Option(help="Last day to sign; a week on if left out.")] = None,
    companion: Annotated[str, typer.Option(help="Whom the person brought along.")] = "",
    json_out: JSON = False,
) -> None:
    """Record the first meeting; from now on the person may sign."""
    from headway.detection.commands import day
    from headway.plans import actions

    _take(
        number,
        lambda plan, by: actions.present_plan(
            plan=plan, held_on=_day(held_on), companion=companion, answer_by=day(answer_by), by=by
        ),
        json_out=json_out,
    )


def acknowledge(
    number: NUMBER,
    name: Annotated[str, typer.Option(help="Your name, as you are signed in: this is your signature.")],
    content_hash: Annotated[
        str, typer.Option("--hash", help="Of the version you have read, from `history` of the API.")
    ],
    consent: Annotated[bool, typer.Option("--consent", help="I agree to sign electronically.")] = False,
    statement: Annotated[str, typer.Option(help="Your own words; kept unedited.")] = "",
    json_out: JSON = False,
) -> None:
    """Sign that the plan was received. This is not agreement."""
    from headway.plans import actions

    typed = actions.SignatureTyped(name, consent, content_hash, statement)
    _take(number, lambda plan, by: actions.acknowledge_plan(plan=plan, typed=typed, by=by), json_out=json_out)


def start(number: NUMBER, json_out: JSON = False) -> None:
    """Let the clock run from the agreed first day."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.start_plan(plan=plan, by=by), json_out=json_out)


def pause(
    number: NUMBER,
    reason: REASON,
    from_on: Annotated[
        str | None, typer.Option("--from", help="First day that does not count; today if left out.")
    ] = None,
    json_out: JSON = False,
) -> None:
    """Stop the clock for leave or illness."""
    from headway.plans import actions

    _take(
        number,
        lambda plan, by: actions.pause_plan(plan=plan, from_on=_day(from_on), reason=reason, by=by),
        json_out=json_out,
    )


def resume(
    number: NUMBER,
    back_on: Annotated[str | None, typer.Option("--back", help="First day back; today if left out.")] = None,
    json_out: JSON = False,
) -> None:
    """Let the clock run again; later days move by the days that were paused."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.resume_plan(plan=plan, back_on=_day(back_on), by=by), json_out=json_out)


def withdraw(number: NUMBER, reason: REASON, json_out: JSON = False) -> None:
    """End a plan that should not go on."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.withdraw_plan(plan=plan, reason=reason, by=by), json_out=json_out)


def close(number: NUMBER, reason: REASON, json_out: JSON = False) -> None:
    """Close a plan that has run its time."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.close_plan(plan=plan, reason=reason, by=by), json_out=json_out)


def appeal(
    number: NUMBER,
    text: Annotated[str, typer.Option(help="What you object to, in your own words.")],
    json_out: JSON = False,
) -> None:
    """Object, at any time; somebody who did not decide answers."""
    from headway.plans import actions

    _take(number, lambda plan, by: actions.appeal(plan=plan, text=text, by=by), json_out=json_out)
