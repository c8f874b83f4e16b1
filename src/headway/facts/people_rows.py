"""The people, their history and the territories of a version, as `people` takes them."""

from __future__ import annotations

from dataclasses import dataclass

from headway.facts.store import connect, raw_views
from headway.people.actions import AssignmentRow, PersonRow, TerritoryRow


@dataclass(frozen=True)
class PeopleRows:
    """What `headway.people` is brought in line with."""

    people: tuple[PersonRow, ...]
    assignments: tuple[AssignmentRow, ...]
    territories: tuple[TerritoryRow, ...]


def people_of(number: int) -> PeopleRows:
    """The people of a version."""
    con = connect()
    try:
        raw_views(con, number)
        people = con.execute(
            "SELECT person_id, coalesce(name, person_id), coalesce(email, ''), coalesce(role, 'rep'), manager_id, "
            "coalesce(team, ''), coalesce(segment, ''), coalesce(territory_id, ''), hired_on, left_on "
            "FROM raw_people ORDER BY person_id"
        ).fetchall()
        assignments = con.execute(
            "SELECT person_id, valid_from, valid_to, manager_id, coalesce(team, ''), coalesce(segment, ''), "
            "coalesce(territory_id, '') FROM raw_assignments ORDER BY person_id, valid_from"
        ).fetchall()
        territories = con.execute(
            "SELECT territory_id, coalesce(name, ''), potential, valid_from, valid_to FROM raw_territories "
            "ORDER BY territory_id, valid_from"
        ).fetchall()
    finally:
        con.close()
    return PeopleRows(
        tuple(PersonRow(*row) for row in people),
        tuple(AssignmentRow(*row) for row in assignments),
        tuple(TerritoryRow(*row) for row in territories),
    )
