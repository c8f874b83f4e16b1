"""One family of errors: what went wrong, which value, what to do next.

Each face (pages, command line, API) translates them once; the rest of the code only raises them.
"""

from __future__ import annotations


class HeadwayError(Exception):
    """Base of everything Headway says to a person.

    Args:
        what: what went wrong, one plain sentence without the final stop's value ("The date cannot be read").
        value: the value it went wrong on, shown as it came ("31.06.2026"), or None.
        todo: what the person can do next ("Mend it in the CRM and load again."), or None.
    """

    exit_code = 1
    status = 400

    def __init__(self, what: str, *, value: object = None, todo: str | None = None) -> None:
        self.what = what
        self.value = value
        self.todo = todo
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message as one line: what, which value, what to do."""
        head = self.what.rstrip(". ")
        if self.value is not None and str(self.value) != "":
            head = f"{head}: {self.value}".rstrip(". ")
        return f"{head}. {self.todo}" if self.todo else f"{head}."


class BadInput(HeadwayError):
    """What was given cannot be used: a file, a value, a combination."""


class WrongUsage(HeadwayError):
    """The command was called in a way it does not know."""

    exit_code = 2


class NotAllowed(HeadwayError):
    """The person may not do this, and may know that it exists."""

    exit_code = 3
    status = 403


class NotFound(HeadwayError):
    """There is no such thing, or the person may not know whether there is."""

    status = 404


class Conflict(HeadwayError):
    """Somebody else was first: the record changed, a load is running, a plan was signed."""

    status = 409


class CannotCompute(HeadwayError):
    """A number that the data does not allow. Never replaced by zero."""


class StorageTrouble(HeadwayError):
    """Disk full, file locked, database away. Nothing was changed."""

    status = 503
