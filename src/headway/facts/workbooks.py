"""Reading Excel workbooks: values only, as text. Formulas and HTML stay what they are: text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

from headway.core.errors import BadInput


def cell_text(value: object) -> str:
    """A cell's value as text: days as ISO dates, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def sheets_of(path: Path) -> list[tuple[str, Iterator[list[str]]]]:
    """The workbook's sheets that hold anything, with their rows as text.

    Raises:
        BadInput: the workbook asks for a password, or is broken.
    """
    try:
        book = python_calamine.load_workbook(str(path))
        found = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                found.append((name, _rows(sheet)))
        return found
    except python_calamine.PasswordError as error:
        raise BadInput(
            _("The workbook asks for a password"), value=path.name, todo=_("Save it without one and load it again.")
        ) from error
    except Exception as error:
        raise BadInput(
            _("The workbook is broken and cannot be opened"),
            value=path.name,
            todo=_("Open it in a spreadsheet program, save it anew and load it again."),
        ) from error


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.to_python(skip_empty_area=False):
        yield [cell_text(value) for value in row]
