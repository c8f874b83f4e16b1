"""Alderwick, our demo company: one call writes all canonical fact files and says who can sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from headway.demo import activities, deals, organisation, voices
from headway.demo.columns import FileFormat, write_table
from headway.demo.funnel import simulate
from headway.demo.roster import REPS
from headway.demo.staff import Member, brief_seller, email_of, hire_staff
from headway.demo.teams import ADMIN
from headway.demo.workdays import AS_OF, START, Workdays

NAME = "Alderwick"
CURRENCY = "EUR"
TIME_ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in. `person_id` is None for the admin, who is not in the people file."""

    name: str
    email: str
    role: str
    person_id: str | None


@dataclass(frozen=True)
class DemoCompany:
    """What was written: the data span [start, as_of] in whole days, sign-ins, files, and the truth for tests.

    `story` maps person_id to one line of what is true about that person; people not in it are ordinary.
    """

    name: str
    start: date
    as_of: date
    time_zone: str
    currency: str
    sign_ins: tuple[SignIn, ...]
    story: Mapping[str, str]
    files: Mapping[str, Path]

    def person_id(self, name: str) -> str:
        """The id of a person by full name; KeyError where nobody is called so."""
        found = {s.name: s.person_id for s in self.sign_ins}[name]
        if found is None:
            raise KeyError(name)
        return found

    def sign_in(self, role: str) -> SignIn:
        """The person who shows a role best: the story's manager, HR partner, RevOps and so on."""
        by_name = {s.name: s for s in self.sign_ins}
        return by_name[_SHOWS[role]]


_SHOWS: Mapping[str, str] = {
    "manager": "Marta Lindqvist", "rep": "Jonas Weber", "leader": "Henrik Aalto", "hr": "Hanne Dijkstra",
    "revops": "Tomás Oliveira", "admin": ADMIN,
}  # fmt: skip


def write(folder: Path, *, seed: int = 7, file_format: FileFormat = "parquet") -> DemoCompany:
    """Writes every canonical table into `folder` (made if missing; files of the same name are replaced).

    The same seed gives the same bytes. `file_format` is "parquet" (typed) or "csv" (as people export it).
    """
    folder.mkdir(parents=True, exist_ok=True)
    staff = hire_staff()
    tables = generate(staff, seed=seed)
    files = {name: write_table(t, name, folder, file_format=file_format) for name, t in tables.items()}
    story = {r.name: r.story for r in REPS if r.story}
    return DemoCompany(
        name=NAME,
        start=START,
        as_of=AS_OF,
        time_zone=TIME_ZONE,
        currency=CURRENCY,
        sign_ins=_sign_ins(staff),
        story={m.person_id: story[m.name] for m in staff if m.name in story},
        files=files,
    )


def generate(staff: list[Member], *, seed: int) -> dict[str, pa.Table]:
    """All canonical tables by name."""
    workdays = Workdays()
    reps = {r.name: r for r in REPS}
    sellers = [
        brief_seller(m, reps[m.name], number=i, workdays=workdays, seed=seed)
        for i, m in enumerate((m for m in staff if m.role == "rep"), 1)
    ]
    found = deals.gather([simulate(s, workdays, seed) for s in sellers], sellers, seed=seed)
    return {
        "people": organisation.people_table(staff),
        "assignments": organisation.assignments_table(staff, sellers),
        "territories": organisation.territories_table(sellers),
        "quotas": organisation.quotas_table(sellers),
        "activities": activities.activities_table(found, sellers, workdays, seed),
        "leads": deals.leads_table(found, sellers, workdays, seed),
        "opportunities": deals.opportunities_table(found, sellers, workdays, seed),
        "stage_changes": deals.stage_changes_table(found, workdays),
        "accounts": found.accounts,
        "trainings": voices.trainings_table(sellers, seed),
        "feedback": voices.feedback_table(found, sellers, seed),
        "absences": organisation.absences_table(sellers),
        "groups": organisation.groups_table(sellers, seed),
    }


def _sign_ins(staff: list[Member]) -> tuple[SignIn, ...]:
    """Everybody who works here today, and the admin."""
    people = [SignIn(m.name, m.email, m.role, m.person_id) for m in staff if m.left_on is None]
    return (*people, SignIn(ADMIN, email_of(ADMIN), "admin", None))
