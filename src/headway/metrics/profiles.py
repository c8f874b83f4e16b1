"""What is in a version of the facts, looked at once: an analysis finds what the one before it saw."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from headway.core.home_folder import home
from headway.facts.store import Facts
from headway.metrics.canonical import MeasuredFacts
from headway.metrics.compiled import definitions
from headway.metrics.cube.upkeep import is_whole
from headway.metrics.evaluable import Profile, profile

# Profiles of the newest versions stay.
KEPT = 6


def profile_of(facts: MeasuredFacts) -> Profile:
    """What is in the facts; of a whole version it is remembered, as a version never changes."""
    if not isinstance(facts, Facts) or not is_whole(facts):
        return profile(facts)
    file = home() / "profiles" / f"v{facts.version:06d}.json"
    mark = f"{facts.content_hash} {definitions()}"
    known = _read(file, mark)
    if known is None:
        known = profile(facts)
        # A home that cannot be written to costs time, not the result.
        with contextlib.suppress(OSError):
            _write(file, {"mark": mark, **_plain(known)})
    return known


def _plain(seen: Profile) -> dict[str, Any]:
    return {
        **asdict(seen),
        "kinds": sorted(seen.kinds),
        "stages": sorted(seen.stages),
        "owners": {table: sorted(owners) for table, owners in seen.owners.items()},
        "last_day": {table: day.isoformat() for table, day in seen.last_day.items()},
        "first_day": [[*column, day.isoformat()] for column, day in seen.first_day.items()],
    }


def _read(file: Path, mark: str) -> Profile | None:
    try:
        found = json.loads(file.read_text("utf-8"))
        if found.pop("mark") != mark:
            return None
        return Profile(
            **{
                **found,
                "kinds": frozenset(found["kinds"]),
                "stages": frozenset(found["stages"]),
                "owners": {table: frozenset(owners) for table, owners in found["owners"].items()},
                "last_day": {table: date.fromisoformat(day) for table, day in found["last_day"].items()},
                "first_day": {(t, column): date.fromisoformat(day) for t, column, day in found["first_day"]},
            }
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(file: Path, known: dict[str, Any]) -> None:
    """All of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(known, out)
    os.replace(written, file)
    for old in sorted(file.parent.glob("v*.json"), reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
