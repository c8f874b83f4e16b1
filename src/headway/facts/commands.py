"""`headway load`, `headway undo-load`, `headway status`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput
from headway.facts.connectors import commands as connectors

if TYPE_CHECKING:
    from headway.facts.load import LoadPlan, LoadResult
    from headway.facts.mapping import Mapping
    from headway.facts.questions import Question

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    app.command("load")(load)
    app.command("status")(status)
    app.command("undo-load")(undo_load)
    connectors.register(app)


def _mapping(file: Path | None) -> Mapping | None:
    from headway.facts.mapping import mapping_from_json

    if file is None:
        return None
    if not file.is_file():
        raise BadInput("There is no such mapping file", value=file)
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput("The mapping file is not JSON", value=file.name, todo=f"Mend it: {error}.") from error
    # What `load --json` prints can be given back as it is.
    return mapping_from_json(raw.get("mapping", raw) if isinstance(raw, dict) else raw)


def load(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files, or folders of them: CSV, Excel, Parquet. None: bring home what HEADWAY_WAREHOUSE holds."
        ),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="What the columns mean, as --dry-run --json prints it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: what is open stays empty, and is named.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Start anew with these files; undo-load brings the rest back.")
    ] = False,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Load facts from exports. Good rows are kept, bad ones go to a file with their reasons."""
    from headway.facts.load import commit_load, plan_load

    if not paths:
        _load_warehouse(json_out=json_out)
        return
    given = _mapping(mapping)
    mode = "replace" if replace else "add"
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True,
        disable=json_out or not err.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("Reading", total=1.0)

        def told(share: float, message: str) -> None:
            bar.update(task, completed=share, description=message)

        plan = plan_load(paths, mode=mode, mapping=given, progress=told)
        if plan.open_questions and not (yes or json_out or dry_run) and sys.stdin.isatty():
            bar.stop()
            answers = _ask(plan)
            plan.close()
            plan = plan_load(paths, mode=mode, mapping=given, answers=answers)
        if dry_run:
            with plan:
                _print_plan(plan, json_out=json_out)
            return
        _refuse_if_open(plan, yes=yes or json_out)
        result = commit_load(plan, by=SYSTEM, progress=told)
    _print_result(plan, result, json_out=json_out)
    if not any(t.read - t.rejected for t in plan.tables.values()):
        raise typer.Exit(1)


def _load_warehouse(*, json_out: bool) -> None:
    from headway.core.errors import WrongUsage
    from headway.facts.warehouse.address import configured
    from headway.facts.warehouse.bringing import bring_home

    if configured() is None:
        raise WrongUsage(
            "Which files?", todo="Name files or folders, or set HEADWAY_WAREHOUSE to bring those rows home."
        )
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True,
        disable=json_out or not err.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("Reading", total=1.0)
        plan, result = bring_home(
            by=SYSTEM, progress=lambda share, said: bar.update(task, completed=share, description=said)
        )
    _print_result(plan, result, json_out=json_out)


def _refuse_if_open(plan: LoadPlan, *, yes: bool) -> None:
    # The currency has a default that invents nothing; it is said in a notice.
    blocking = [question for question in plan.open_questions if question.kind != "currency"]
    if blocking and not yes:
        first = blocking[0]
        plan.close()
        raise BadInput(
            first.text.rstrip("."),
            todo=f"{len(blocking)} questions are open: answer them on the terminal, or load with --yes, "
            "which leaves empty what nobody decided.",
        )


def _ask(plan: LoadPlan) -> dict[str, str]:
    answers = dict(plan.answers)
    for question in plan.open_questions:
        answers[question.id] = _answer(question)
    return answers


def _answer(question: Question) -> str:
    err.print(f"\n{question.text}")
    if question.examples:
        err.print(f"  for example {', '.join(question.examples)}; {question.rows} rows")
    for i, choice in enumerate(question.choices, start=1):
        err.print(f"  {i}  {choice.words}")
    default = next((i for i, c in enumerate(question.choices, start=1) if c.value == question.default), 1)
    while True:
        said: int = typer.prompt("Your choice", default=default, type=int, err=True)
        if 1 <= said <= len(question.choices):
            return question.choices[said - 1].value


def _document(plan: LoadPlan, rejects_file: Path | None) -> dict[str, Any]:
    return {
        **plan.summary(),
        "rejects_file": str(rejects_file) if rejects_file else None,
        "mapping": plan.mapping.as_json(),
        "questions": [
            {"id": q.id, "text": q.text, "choices": [c.value for c in q.choices], "default": q.default, "rows": q.rows}
            for q in plan.open_questions
        ],
    }


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")


def _print_plan(plan: LoadPlan, *, json_out: bool) -> None:
    if json_out:
        _print_json({**_document(plan, None), "dry_run": True})
        return
    out.print("Nothing was changed; this is what a load would do.")
    _print_sources(plan)
    for mapped in plan.mapping.sources:
        for target in mapped.targets:
            table = Table(
                "column",
                "from",
                "how sure",
                "why",
                title=f"{mapped.source} → {target.table}",
                box=None,
                title_justify="left",
            )
            for rule in target.rules:
                table.add_row(
                    rule.column, " + ".join(rule.headers) or f"“{rule.constant}”", rule.sure.value, rule.reason
                )
            out.print(table)
    _print_counts(plan)
    for question in plan.open_questions:
        out.print(f"Open: {question.text}")


def _print_sources(plan: LoadPlan) -> None:
    for source in plan.sources:
        what = ", ".join(source.tables) if source.tables else source.note
        out.print(f"{source.name}: {source.rows} rows, {what} {' '.join(source.notes)}".rstrip())
    for trouble in plan.troubles:
        err.print(trouble)


def _print_counts(plan: LoadPlan) -> None:
    table = Table("table", "read", "new", "unchanged", "updated", "rejected", box=None, pad_edge=False)
    for name, t in plan.tables.items():
        table.add_row(name, *(str(n) for n in (t.read, t.loaded, t.unchanged, t.updated, t.rejected)))
    out.print(table)
    for notice in plan.notices:
        out.print(notice.text)
    for group in plan.rejects:
        what = "rows not loaded" if group.level == "row" else "cells not read"
        where = f"{group.example_source} row {group.example_row} {group.example_column}: {group.example_value}"
        out.print(f"{group.rows} {what}: {group.reason} ({where.strip()}). {group.todo}")


def _print_result(plan: LoadPlan, result: LoadResult, *, json_out: bool) -> None:
    if json_out:
        document = _document(plan, result.rejects_file)
        document["version"] = result.version.number if result.version else None
        _print_json(document)
        return
    _print_sources(plan)
    _print_counts(plan)
    for question in plan.open_questions:
        # The currency's default is said among the notices: nothing was left empty for it.
        if question.kind != "currency":
            out.print(f"Not decided, so left empty: {question.text}")
    if result.rejects_file:
        out.print(f"What could not be read, with reasons: {result.rejects_file}")
    out.print(
        f"Loaded as version {result.version.number}."
        if result.version
        else "Nothing was different; nothing was changed."
    )


def undo_load() -> None:
    """Go back to the load before. The undone one stays, to be looked back at."""
    from headway.facts.actions import undo_load as undo

    now = undo(by=SYSTEM)
    out.print(
        f"The facts are those of version {now.number} again."
        if now
        else "The first load is undone; no facts are loaded."
    )


def status(json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """What is loaded, from when to when, how fresh, and what is wrong with it."""
    from headway.core.home_folder import home
    from headway.core.status import told as told_by_rooms
    from headway.facts.queries import status_for
    from headway.facts.warehouse.telling import told, warehouse_status

    found = status_for(SYSTEM, today=datetime.now(UTC).date())
    warehouse, others = warehouse_status(SYSTEM), list(told_by_rooms())
    if json_out:
        _print_json(
            {
                "home": str(home()),
                "version": found.version,
                "content_hash": found.content_hash,
                "first_day": found.first_day,
                "last_day": found.last_day,
                "currency": found.currency,
                "tables": {t.table: {k: v for k, v in vars(t).items() if k != "table"} for t in found.tables},
                "problems": [vars(p) for p in found.problems],
                "warehouse": warehouse.as_json() if warehouse else None,
                **{key: told_of.data for key, told_of in others},
            }
        )
        return
    out.print(f"Home: {home()}")
    if warehouse:
        told(warehouse, lambda line: out.print(line, markup=False))
    if found.version is None:
        if not warehouse:
            out.print("Nothing is loaded yet. Load an export with: headway load PATH")
        return
    out.print(
        f"Version {found.version}, facts from {found.first_day} to {found.last_day}, amounts in {found.currency}."
    )
    table = Table("table", "rows", "from", "to", "loaded", box=None, pad_edge=False)
    for t in found.tables:
        table.add_row(
            t.table, str(t.rows), str(t.first_day or ""), str(t.last_day or ""), t.loaded_at[:16].replace("T", " ")
        )
    out.print(table)
    for line in (line for _key, told_of in others for line in told_of.lines):
        out.print(line, markup=False)
    for problem in found.problems:
        out.print(f"{problem.text} {problem.todo}")
