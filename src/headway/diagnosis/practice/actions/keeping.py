"""How every record of practice is kept: texts cleaned, days and choices checked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import BadInput
from headway.people.models import Person, User

LONGEST = 20_000
R = TypeVar("R", bound=models.Model)


def clean(text: str, *, what: str, needed: bool = False) -> str:
    """A text as it is kept: no null bytes, plain line ends, no longer than a person reads.

    Raises:
        BadInput: nothing where something is needed, or too much.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not text:
        raise BadInput(_("%s is empty") % what, todo=_("Write at least one sentence."))
    if len(text) > LONGEST:
        raise BadInput(
            _("%s is too long") % what, value=_("%s characters") % len(text),
            todo=_("Shorten it to %s characters.") % LONGEST,
        )  # fmt: skip
    return text


def not_later(on: date, *, what: str) -> date:
    """The day, where it is neither in the future nor more than three years ago; BadInput otherwise."""
    if on > clock.today():
        raise BadInput(
            _("%s lies in the future") % what, value=on.isoformat(), todo=_("Choose today or an earlier day.")
        )
    if on < clock.today() - timedelta(days=3 * 366):
        raise BadInput(_("%s is more than three years ago") % what, value=on.isoformat())
    return on


def one_of(value: str, choices: type[models.TextChoices], *, what: str) -> str:
    """The value, where it is one of the choices; BadInput otherwise."""
    if value not in choices.values:
        raise BadInput(_("%s is not known") % what, value=value, todo=_("Use one of: %s.") % ", ".join(choices.values))
    return value


def keep(record: R, *, person_id: str, by: Actor) -> R:
    """Save a record about a person, with who made it and when; BadInput where there is no such person."""
    if not Person.objects.filter(pk=person_id, listed=True).exists():
        raise BadInput(_("There is no such person"), value=person_id)
    about: Any = record
    about.person_id, about.made_by_name, about.made_at = person_id, by.name, clock.now()
    about.made_by = by if isinstance(by, User) else None
    record.save()
    return record
