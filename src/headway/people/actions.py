"""Every write to people: in line with a load, and access to sign in."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit
from headway.core import company as settings
from headway.core.action import action
from headway.core.actors import Actor, Role
from headway.core.errors import BadInput, Conflict
from headway.core.models import Company
from headway.people.company import CompanyChange
from headway.people.models import Assignment, Person, ReportingLines, Territory, User
from headway.people.queries import was_seen_lately


@dataclass(frozen=True)
class PersonRow:
    """A person as the facts describe them; texts may be empty."""

    person_id: str
    name: str
    email: str = ""
    role: str = Role.REP
    manager_id: str | None = None
    team: str = ""
    segment: str = ""
    territory_id: str = ""
    hired_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True)
class AssignmentRow:
    """A span of days in one place; `valid_to` is the first day no longer there, None = still there."""

    person_id: str
    valid_from: date | None
    valid_to: date | None
    manager_id: str | None = None
    team: str = ""
    segment: str = ""
    territory_id: str = ""


@dataclass(frozen=True)
class TerritoryRow:
    """A territory's potential over a span of days."""

    territory_id: str
    name: str = ""
    potential: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None


_PERSON_FIELDS = [
    "name", "email", "role", "manager_id", "team", "segment", "territory_id", "hired_on", "left_on", "listed",
]  # fmt: skip


@action(permission="people.sync", event="people.synced")
def sync_people(
    *,
    rows: Iterable[PersonRow],
    assignments: Iterable[AssignmentRow] = (),
    territories: Iterable[TerritoryRow] = (),
    by: Actor,
) -> int:
    """Make the list of people, their history and the territories equal to the facts.

    People the facts no longer name are kept, unlisted: plans and the record still speak of them.
    Returns how many people are listed now.
    """
    people = list(rows)
    known = {row.person_id for row in people}
    Person.objects.exclude(person_id__in=known).filter(listed=True).update(listed=False)
    Person.objects.bulk_create(
        [_person(row, known) for row in people],
        update_conflicts=True,
        unique_fields=["person_id"],
        update_fields=[f for f in _PERSON_FIELDS if f != "manager_id"] + ["manager"],
        batch_size=500,
    )
    ReportingLines.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4().hex})
    Assignment.objects.all().delete()
    Assignment.objects.bulk_create(
        [
            Assignment(
                person_id=a.person_id,
                valid_from=a.valid_from,
                valid_to=a.valid_to,
                manager_ref=a.manager_id or "",
                team=a.team,
                segment=a.segment,
                territory_id=a.territory_id,
            )
            for a in assignments
            if a.person_id in known
        ],
        batch_size=500,
    )
    Territory.objects.all().delete()
    Territory.objects.bulk_create([Territory(**vars(t)) for t in territories], batch_size=500)
    _link_accounts()
    audit.detail(people=len(people))
    return len(people)


def _person(row: PersonRow, known: set[str]) -> Person:
    manager = row.manager_id if row.manager_id in known and row.manager_id != row.person_id else None
    return Person(
        person_id=row.person_id,
        name=row.name or row.person_id,
        email=row.email or "",
        role=row.role or Role.REP,
        manager_id=manager,
        team=row.team or "",
        segment=row.segment or "",
        territory_id=row.territory_id or "",
        hired_on=row.hired_on,
        left_on=row.left_on,
        listed=True,
    )


def _link_accounts() -> None:
    """An account with the same e-mail address as a person belongs to that person."""
    by_mail = dict(Person.objects.filter(listed=True).exclude(email="").values_list("email", "person_id"))
    lower = {mail.lower(): person_id for mail, person_id in by_mail.items()}
    for user in User.objects.filter(person__isnull=True):
        person_id = lower.get(user.email.lower())
        if person_id:
            User.objects.filter(pk=user.pk).update(person_id=person_id)


@dataclass(frozen=True)
class Access:
    """A new account and the password to hand over; the password is shown once and never stored in clear."""

    user: User
    password: str

    @property
    def person_id(self) -> str | None:
        """The person the account belongs to, if any."""
        return self.user.person_id


@action(permission="people.invite", event="people.invited")
def give_access(
    *,
    email: str,
    role: str,
    by: Actor,
    name: str = "",
    person_id: str | None = None,
    password: str | None = None,
) -> Access:
    """Create the account for `email`, or give it a new role and password.

    Args:
        email: address to sign in with.
        role: one of the roles of people, or `admin`.
        name: shown name; the person's, else the address, if empty.
        person_id: the person the account belongs to; found by e-mail if None.
        password: chosen by the caller (demo company); random if None.
    """
    if "@" not in email:
        raise BadInput(_("This is no e-mail address"), value=email)
    if role not in set(Role) - {Role.SYSTEM}:
        raise BadInput(
            _("There is no such role"),
            value=role,
            todo=_("Choose one of: %s.") % ", ".join(sorted(set(Role) - {Role.SYSTEM})),
        )
    person = _person_for_access(email, person_id)
    secret = password or secrets.token_urlsafe(9)
    user = User.objects.filter(email__iexact=email).first() or User(email=email.lower())
    user.role = role
    user.person = person
    user.name = name or (person.name if person else "") or user.name or email.split("@")[0]
    user.is_active = True
    user.set_password(secret)
    user.save()
    audit.detail(email=email, role=role)
    return Access(user, secret)


def _person_for_access(email: str, person_id: str | None) -> Person | None:
    if person_id is None:
        return Person.objects.filter(email__iexact=email, listed=True).first()
    person = Person.objects.filter(pk=person_id, listed=True).first()
    if person is None:
        raise BadInput(_("Nobody with this id is in the facts"), value=person_id, todo=_("See `headway people`."))
    return person


@action(permission="figures.view", event="person.seen", about="person_id")
def note_seen(*, person_id: str, page: str, by: Actor) -> None:
    """Write down that somebody looked at a person's figures."""
    audit.detail(page=page)


@action(permission="company.edit", event="company.changed")
def change_company(*, change: CompanyChange, by: Actor, is_demo: bool | None = None) -> Company:
    """Change the company's settings; what is None stays."""
    row = settings.current()
    for key, value in asdict(change).items():
        if value is not None:
            setattr(row, key, list(value) if isinstance(value, tuple) else value)
            audit.detail(**{key: value})
    if is_demo is not None:
        row.is_demo = is_demo
    row.save()
    return row


@action(permission="company.edit", event="company.demo_day_set")
def set_demo_day(*, day: date, by: Actor) -> Company:
    """Let it be another day in the demo company.

    Raises:
        Conflict: the company is a real one, whose clock nobody sets.
    """
    row = settings.current()
    if not row.is_demo:
        raise Conflict(_("Only a demo company has a day of its own"), todo=_("Use a home made by `headway demo`."))
    row.demo_today = day
    row.save(update_fields=["demo_today"])
    audit.detail(day=day.isoformat())
    return row


def note_looked_at(by: User, person_id: str, *, page: str) -> None:
    """Once an hour for each reader, person and page: enough to know who looked, without a write per click."""
    if by.person_id != person_id and not was_seen_lately(by, person_id, page=page):
        note_seen(person_id=person_id, page=page, by=by)
