"""Reads a company's policy from a TOML file."""

import tomllib
from dataclasses import fields
from pathlib import Path

from headway.core.errors import BadInput
from headway.detection.policy import DEFAULT, Policy


def read_policy(path: Path | None) -> Policy:
    """The policy in `path` (TOML, keys as in `Policy`), the default where none is given.

    Raises BadInput naming the key or value that does not fit.
    """
    if path is None:
        return DEFAULT
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput("The policy file cannot be read", value=str(path), todo="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("The policy file is not TOML", value=str(path), todo=str(error)) from error
    known = {field.name: type(getattr(DEFAULT, field.name)) for field in fields(Policy)}
    values: dict[str, str | float | int] = {}
    for key, value in raw.items():
        kind = known.get(key)
        if kind is None:
            raise BadInput("The policy has an unknown key", value=key, todo=f"Known keys: {', '.join(known)}.")
        if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
            raise BadInput(f"The policy's {key} has the wrong type", value=value, todo=f"Give a {kind.__name__}.")
        values[key] = float(value) if kind is float else value
    if "version" not in values:
        raise BadInput("The policy has no version", value=str(path), todo='Add a line such as version = "2026-1".')
    try:
        return Policy(**values)  # type: ignore[arg-type]
    except ValueError as error:
        raise BadInput("The policy contradicts itself", value=str(path), todo=str(error)) from error
