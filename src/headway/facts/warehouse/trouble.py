"""What goes wrong with a warehouse, in one plain sentence each."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from headway.core.errors import StorageTrouble
from headway.facts.warehouse.address import PASSWORD, Address


class Kind(StrEnum):
    """Kinds of trouble."""

    AWAY = "away"
    REFUSED = "refused"
    NOT_ALLOWED = "not_allowed"
    CHANGED = "changed"
    TOO_LONG = "too_long"
    NO_CLIENT = "no_client"
    FAILED = "failed"


class WarehouseTrouble(StorageTrouble):
    """The warehouse did not answer. What was brought home before stays as it is."""

    def __init__(self, kind: Kind, what: str, *, value: object = None, todo: str | None = None) -> None:
        super().__init__(what, value=value, todo=todo)
        self.kind = kind


def trouble(kind: Kind, address: Address, *, words: str = "") -> WarehouseTrouble:
    """The sentence for a kind of trouble.

    Args:
        kind: what it is.
        address: of the warehouse; its secrets are taken out of `words`.
        words: what the engine or its driver said, of which the first line is shown where it helps.
    """
    said = _first_line(address.hidden(words))
    what, value, todo = {
        Kind.AWAY: (
            _("The warehouse cannot be reached"),
            address.shown,
            _("See that it runs and that this machine may reach it, then try again."),
        ),
        Kind.REFUSED: (
            _("The warehouse does not accept the user or the password"),
            address.shown,
            _("Mend the address, or the password in %s.") % PASSWORD,
        ),
        Kind.NOT_ALLOWED: (
            _("The warehouse does not let Headway read this"),
            said,
            _("Ask whoever runs it for the right to read (SELECT) the table."),
        ),
        Kind.CHANGED: (
            _("A table or column of the warehouse is not as it was"),
            said,
            _("See what is missing with headway status, and name it in the mapping file or bring it back."),
        ),
        Kind.TOO_LONG: (
            _("The warehouse took longer than %d seconds") % address.seconds,
            None,
            _("Try again when it has less to do, or allow more with timeout= in the address."),
        ),
        Kind.NO_CLIENT: (_("The client of this warehouse is not installed"), None, words),
        Kind.FAILED: (
            _("The warehouse could not answer"),
            said,
            _("Show this sentence to whoever runs it."),
        ),
    }[kind]
    return WarehouseTrouble(kind, what, value=value, todo=todo)


def no_client(address: Address, *, extra: str, package: str) -> WarehouseTrouble:
    """The sentence for a package that is missing."""
    words = _("Install it with: pip install 'headway[%(extra)s]' (the package %(package)s).") % {
        "extra": extra,
        "package": package,
    }
    return trouble(Kind.NO_CLIENT, address, words=words)


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[0][:200].rstrip(".") if lines else ""
