"""The generated page of the command line."""

from __future__ import annotations

from typing import Any

import typer


def pages() -> dict[str, str]:
    """Every command with its arguments and options, as Markdown."""
    from headway.cli.main import build

    root = typer.main.get_command(build())
    lines = [
        "# Command line",
        "",
        "Exit codes: 0 done, 1 found something wrong in the data or the record (named), 2 wrong usage,",
        "3 not permitted. Errors go to standard error in one plain sentence. `--json` prints one JSON document",
        "on standard output, nothing else.",
    ]
    for path, command in _walk(root, "headway"):
        lines += ["", *_page(path, command)]
    return {"command-line.md": "\n".join(lines) + "\n"}


# Typer carries the command classes it uses inside itself; a group is what has sub-commands.
def _walk(command: Any, path: str) -> list[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        return [] if command.hidden else [(path, command)]
    found = []
    for name, sub in sorted(command.commands.items()):
        found += _walk(sub, f"{path} {name}")
    return found


def _page(path: str, command: Any) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    usage = " ".join([path, *(_argument(a) for a in arguments), *(["[options]"] if options else [])])
    lines = [f"## `{path}`", "", (command.help or "").strip(), "", f"    {usage}"]
    if options:
        lines += ["", "| option | meaning |", "| --- | --- |"]
        lines += [f"| `{_option(o)}` | {(o.help or '').replace('|', chr(92) + '|')} |" for o in options]
    return lines


def _argument(argument: Any) -> str:
    name = (argument.name or "").upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {(option.metavar or option.name or '').upper()}"
