"""The company's numbers for what comes before a plan."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from django.utils.translation import gettext as _

from headway.core import templates
from headway.core.errors import BadInput

OWN = Path(__file__).parent / "content"


@dataclass(frozen=True)
class PracticeRules:
    """Days and counts; each field is explained in `content/practice.toml`."""

    coaching_sessions: int = 3
    coaching_days: int = 90
    answer_days: int = 90
    reason_days: int = 60
    settle_days: int = 28
    protected_days: int = 365
    exception_days: int = 60
    team_share: float = 0.5
    team_least: int = 4
    turn_days: int = 45


def practice_rules(*, folder: Path | None = None) -> PracticeRules:
    """The rules of Headway with the company's numbers on top.

    Raises:
        BadInput: the company's file cannot be read, or an entry is no number of 0 or more.
    """
    tables = templates.load("practice", own=OWN, folder=folder)
    given = {key: value for table in tables.values() for key, value in table.items()}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise BadInput(
                _("practice.toml has an entry that is no number of 0 or more"),
                value=f"{name} = {value!r}",
                todo=_("Mend the file, or move it away to use Headway's own numbers."),
            )
    known = {field.name for field in fields(PracticeRules)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadInput(
            _("practice.toml has an entry that nobody knows"),
            value=", ".join(unknown),
            todo=_("Use one of: %s.") % ", ".join(sorted(known)),
        )
    return PracticeRules(**given)
