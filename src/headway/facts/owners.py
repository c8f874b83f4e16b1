"""People of a load: those it lists, those already known, and those only named as owners."""

from __future__ import annotations

from collections.abc import Mapping as Readonly
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.facts.cell_texts import Context
from headway.facts.gathering import Gathered
from headway.facts.mapping import SourceMapping, Target
from headway.facts.masks import empty_select
from headway.facts.notices import Notice
from headway.facts.people_match import Doubt, Known, Match, match
from headway.facts.questions import Choice, Question
from headway.facts.readers import Source
from headway.facts.staging import distinct_texts
from headway.facts.tables import BY_NAME

PEOPLE = BY_NAME["people"]
Work = Sequence[tuple[Source, SourceMapping, Target]]


@dataclass(frozen=True)
class People:
    """The people part of a load.

    Args:
        gathered: rows for the table `people`, with those that owners added; None = nothing about people.
        owners: relation `text`, `person_id`: whose an owner's text is.
        questions: doubtful owners.
        notices: people made from owners, and the like.
    """

    gathered: Gathered | None
    owners: str
    questions: tuple[Question, ...]
    notices: tuple[Notice, ...]


def join_people(work: Work, listed: Gathered | None, context: Context, answers: Readonly[str, str]) -> People:
    """Say whose row is whose.

    Where nobody is listed, now or before, or not one owner of the load is among them, everybody who owns
    something becomes a person; otherwise an owner who is not known is not (his rows are rejected, with that
    reason).
    """
    workspace = context.workspace
    if listed is None:
        workspace.con.execute(
            f"CREATE TABLE new_people AS SELECT '' AS _source, 0::BIGINT AS _row, * FROM ({empty_select(PEOPLE)})"
        )
    known = _known(context)
    owning = {
        t: n for s, m, target in work if target.table != "people" for t, n in distinct_texts(s, target, context).items()
    }
    said = {q.removeprefix("owner:"): a for q, a in answers.items() if q.startswith("owner:")}
    matched = match(owning, known, said)
    notices: list[Notice] = []
    doubts = matched.doubts
    if matched.unknown and _all_unknown(known, matched, context):
        notices.append(_derive(matched.unknown, bool(known), context))
        matched = Match({**matched.found, **{u: u for u in matched.unknown}}, (), ())
        doubts = ()
    _write_owners(matched, context)
    _mend_managers(known, context)
    gathered = listed
    if workspace.count("new_people"):
        columns = (listed.columns if listed else frozenset()) | {"person_id", "name", "role"}
        gathered = Gathered(
            "people", "new_people", columns, listed.rejected if listed else 0, listed.dropped if listed else {}
        )
    questions = tuple(_question(d, owning.get(d.text, 0)) for d in doubts)
    return People(gathered, "owners", questions, tuple(notices))


def _known(context: Context) -> list[Known]:
    rows = context.workspace.con.execute(
        "SELECT person_id, coalesce(any_value(name), ''), coalesce(any_value(email), '') FROM ("
        "SELECT person_id, name, email FROM new_people UNION ALL SELECT person_id, name, email FROM raw_people) "
        "GROUP BY person_id ORDER BY person_id"
    ).fetchall()
    return [Known(*row) for row in rows]


def _all_unknown(known: list[Known], matched: Match, context: Context) -> bool:
    if not known or (not matched.found and not matched.doubts):
        return True
    # People who were only ever made from owners are no list that an owner could be missing from.
    listed = context.workspace.count("new_people") + context.workspace.count(
        "raw_people", "attributes IS NULL OR json_extract_string(attributes, '$.made_from') IS NULL"
    )
    return listed == 0


def _derive(owners: Sequence[str], others: bool, context: Context) -> Notice:
    context.workspace.con.executemany(
        "INSERT INTO new_people (_source, _row, person_id, name, role, attributes) "
        "VALUES ('', 0, ?, ?, 'rep', '{\"made_from\":\"owners\"}')",
        [(o, o) for o in owners],
    )
    if others:
        text = ngettext(
            "No owner is among the people listed, so %(n)s person was made from the owners.",
            "No owner is among the people listed, so %(n)s people were made from the owners.",
            len(owners),
        )
    else:
        text = ngettext(
            "No list of people was given, so %(n)s person was made from the owners; team, manager and start are unknown.",  # noqa: E501
            "No list of people was given, so %(n)s people were made from the owners; teams, managers and starts are unknown.",  # noqa: E501
            len(owners),
        )
    return Notice("people", text % {"n": len(owners)}, len(owners))


def _write_owners(matched: Match, context: Context) -> None:
    con = context.workspace.con
    con.execute("CREATE OR REPLACE TABLE owners (text VARCHAR, person_id VARCHAR)")
    if matched.found:
        con.executemany("INSERT INTO owners VALUES (?, ?)", list(matched.found.items()))


def _mend_managers(known: list[Known], context: Context) -> None:
    """Managers named by name or mail become ids; who has reports and no role of his own is a manager."""
    con = context.workspace.con
    texts = [
        str(r[0])
        for r in con.execute("SELECT DISTINCT manager_id FROM new_people WHERE manager_id IS NOT NULL").fetchall()
    ]
    if not texts:
        return
    pairs = [(text, person) for text, person in match(texts, known, {}).found.items() if text != person]
    for text, person in pairs:
        con.execute("UPDATE new_people SET manager_id = ? WHERE manager_id = ?", [person, text])
    con.execute(
        "UPDATE new_people SET role = 'manager' WHERE role = 'rep' AND person_id IN "
        "(SELECT manager_id FROM new_people WHERE manager_id IS NOT NULL AND manager_id <> person_id)"
    )


def _question(doubt: Doubt, rows: int) -> Question:
    return Question(
        id=f"owner:{doubt.text}",
        kind="owner",
        source="",
        column="owner_id",
        text=_("Is %(owner)s the same person as %(name)s?") % {"owner": doubt.text, "name": doubt.name},
        examples=(doubt.text,),
        choices=(
            Choice(doubt.person_id, _("Yes, %s") % doubt.name),
            Choice("", _("No; leave the rows out")),
        ),
        default="",
        rows=rows,
    )
