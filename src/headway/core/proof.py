"""The whole proof, the same for the command and the page: the chain of entries, then what each room kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import audit


@dataclass(frozen=True)
class Broken:
    """Something kept that is not what the record says, and why."""

    what: str
    reason: str


@dataclass(frozen=True)
class Proof:
    """What was compared: entries of the record, signed papers; and the first thing that does not fit, in a sentence."""

    entries: int
    papers: int = 0
    broken: str = ""

    @property
    def whole(self) -> bool:
        """True if everything is what the record says."""
        return not self.broken

    @property
    def sentence(self) -> str:
        """What came of it."""
        if self.broken:
            return self.broken
        lines = ngettext(
            "The record is whole: %d entry, its seal fits",
            "The record is whole: %d entries, every seal fits",
            self.entries,
        )
        papers = ngettext("%d signed paper, unchanged", "%d signed papers, unchanged", self.papers)
        return f"{lines % self.entries}; {papers % self.papers}."


Check = Callable[[], Broken | None]
_CHECKS: dict[str, Check] = {}
_PAPERS: list[Callable[[], int]] = []


def proves(name: str, check: Check, *, papers: Callable[[], int] | None = None) -> None:
    """Let a room add its check; `papers` counts the signed files it looks at. Twice under one name changes nothing."""
    if papers is not None and name not in _CHECKS:
        _PAPERS.append(papers)
    _CHECKS[name] = check


def prove() -> Proof:
    """Walk the record, then every room's check; stops at the first thing that does not fit."""
    chain = audit.verify()
    if not chain.whole:
        told = {"number": chain.broken_at, "why": chain.reason}
        return Proof(chain.entries, broken=_("The record is broken at entry %(number)s: %(why)s.") % told)
    papers = sum(count() for count in _PAPERS)
    found = next((broken for check in _CHECKS.values() if (broken := check()) is not None), None)
    if found is None:
        return Proof(chain.entries, papers)
    words = _("The record is whole, but %(what)s is not: %(why)s.") % {"what": found.what, "why": found.reason}
    return Proof(chain.entries, papers, words)
