"""What makes a letter a paper: the version it shows, its hash, and who has signed it how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from headway.core import company
from headway.documents.letter import Block, Heading, Quote, Signature, Signatures
from headway.plans.letter_words import said
from headway.plans.models import FirstMeeting, PlanVersion, SignatureKind
from headway.plans.models import Signature as SignatureRow
from headway.plans.wording import day


@dataclass(frozen=True)
class Seal:
    """number, kind, content_hash, made_at: of the version. signatures: those under it, the oldest first."""

    number: int
    kind: str
    content_hash: str
    made_at: datetime
    signatures: tuple[SignatureRow, ...] = ()
    meeting: FirstMeeting | None = None

    @property
    def short_hash(self) -> str:
        """The start of the hash, in groups that can be read aloud."""
        return " ".join(self.content_hash[i : i + 4] for i in (0, 4, 8))

    @property
    def state_words(self) -> str:
        """What stands in the corner of each page."""
        refused = any(row.kind == SignatureKind.REFUSED for row in self.signatures)
        return said("version_refused" if refused else f"version_{self.kind}", number=self.number)


def seal_of(version: PlanVersion, *, signatures: int | None = None) -> Seal:
    """The seal of a version; `signatures` leaves out those that came later."""
    rows = tuple(version.signatures.all())[:signatures]
    meeting = FirstMeeting.objects.filter(plan_id=version.plan_id).last()
    return Seal(version.number, version.kind, version.content_hash, version.made_at, rows, meeting)


def moment(at: datetime) -> str:
    """28 May 2026, 17:00 (Europe/Berlin): where the company is."""
    zone = company.current().time_zone
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), year=True)}, {local:%H:%M} ({zone})"


def own_words(seal: Seal) -> list[Block]:
    """What signers added, word for word."""
    quotes = [Quote(row.statement, row.name) for row in seal.signatures if row.statement]
    return [Heading(said("own_words")), *quotes] if quotes else []


def signature_block(seal: Seal, *, person: str, manager: str, company_name: str) -> Signatures:
    """Who signed and what that means; whoever has not yet, has a line."""
    signed = [_signed(row) for row in seal.signatures]
    if (
        not any(row.kind not in {SignatureKind.REFUSED, SignatureKind.WITNESSED} for row in seal.signatures)
        and not signed
    ):
        signed = [Signature(person, said("has_received"))]
    for_company = Signature(manager or company_name, said("for_company", company=company_name))
    if seal.meeting is not None:
        for_company = Signature(
            manager or seal.meeting.by_name,
            said("for_company", company=company_name),
            said("handed_over", name=seal.meeting.by_name, day=day(seal.meeting.held_on, year=True)),
        )
    return Signatures((signed[0], for_company, *signed[1:]))


def _signed(row: SignatureRow) -> Signature:
    return Signature(row.name, row.intent, said("signed_on", moment=moment(row.signed_at)))
