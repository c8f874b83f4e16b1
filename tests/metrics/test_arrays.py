"""Definitions read as operations on arrays say what they say to the database, row for row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.core.period import Period
from headway.facts.tables import BY_NAME
from headway.metrics.arrays import Unsupported
from headway.metrics.arrays.expressions import Expression, Field, Library
from headway.metrics.arrays.ids import Ids
from headway.metrics.arrays.in_arrays import InArrays
from headway.metrics.arrays.relations import Held
from headway.metrics.arrays.tables import Tables
from headway.metrics.arrays.values import Values
from headway.metrics.canonical import Calendar, Canonical
from headway.metrics.catalogue import specs
from headway.metrics.compiled import Statements
from headway.metrics.cube import adding, over
from headway.metrics.cube.adding import part_in_arrays, parts_in_arrays
from headway.metrics.cube.build import People, groups_of, measures_of, part_of
from headway.metrics.cube.parts import Cube, Part, measure_name
from headway.metrics.spec import At, Measure
from headway.metrics.windows import name_of_group
from tests.metrics.facts_double import FactsDouble
from tests.metrics.test_against_plain_python import calls, deals, leads
from tests.metrics.test_cube import crowd
from tests.metrics.test_examples import company

LADDER = ("lead", "qualified", "proposal", "won")
GROUPS = groups_of(measures_of(specs(LADDER)))
PERIODS = [Period(date(2025, 12, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 4, 1))]
PERIODS += [Period(date(2026, month, 9), date(2026, month, 16)) for month in (1, 2, 3, 4, 5)]


def canonical(zone: str) -> Canonical:
    return Canonical(Calendar(zone), "EUR", LADDER, date(2024, 1, 1), date(2026, 12, 31), whole=True)


def told(group: Sequence[Measure], parts: tuple[Part, ...], people: People) -> list[Any]:
    """What is read out of parts: statistics of each person, in each period."""
    name = name_of_group(group)
    places = {measure_name(measure): (name, position) for position, measure in enumerate(group)}
    cube = Cube(tuple(people.known), {name: parts}, places)
    found: list[Any] = []
    order = np.argsort(np.array(cube.persons, dtype=str))
    for measure in group:
        if measure.at is At.WAITS:
            waits = over.waits_over(cube, measure, PERIODS)
            found += [waits.n[:, order], waits.median[:, order]]
        else:
            grid = over.sums_over(cube, measure, PERIODS)
            found += [getattr(grid, column)[:, order] for column in ("n", "x", "xx", "of", "unknown", "foreign")]
    return found


def assert_agree(facts: FactsDouble, c: Canonical) -> None:
    tables = Tables({name: facts.con.execute(f"SELECT * FROM {name}").to_arrow_table() for name in BY_NAME})
    statements = Statements(c, folder=None)
    people = People([who for (who,) in facts.con.execute("SELECT person_id FROM people").fetchall()])
    found = parts_in_arrays(c, tables, GROUPS, people.of_texts)
    assert found.keys() == {name_of_group(group) for group in GROUPS}  # arrays understand the whole catalogue
    for group in GROUPS:
        name = name_of_group(group)
        plain = part_of(facts.con, statements, group, people)
        for one, other in zip(told(group, found[name], people), told(group, (plain,), people), strict=True):
            assert np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True), name


@pytest.mark.parametrize(("zone", "sparse"), [("UTC", 16), ("America/New_York", 0)])
def test_arrays_and_database_agree_on_the_worked_examples(
    zone: str, sparse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "SPARSE", sparse)  # with 0 every counter is looked at
    facts = company()
    assert_agree(facts, canonical(zone))
    facts.con.close()


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(deals, min_size=30, max_size=120), st.lists(leads, min_size=10, max_size=60), st.lists(calls, max_size=60)
)
def test_arrays_and_database_agree_on_invented_companies(
    drawn: list[dict[str, Any]], leads: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> None:
    facts = crowd(drawn, leads, calls)
    assert_agree(facts, canonical("Pacific/Auckland"))
    facts.con.close()


three = st.sampled_from([True, False, None])


def booleans(values: list[bool | None]) -> Values:
    nulls = np.array([value is None for value in values])
    return Values(np.array([bool(value) for value in values]), "bool", nulls if nulls.any() else None)


def plain(column: Values) -> list[Any]:
    nulls = np.zeros(len(column.array), bool) if column.nulls is None else column.nulls
    return [None if n else v for v, n in zip(column.array.tolist(), nulls.tolist(), strict=True)]


@settings(deadline=None)
@given(st.lists(st.tuples(three, three), min_size=1, max_size=9))
def test_unknown_conditions_are_joined_as_in_sql(pairs: list[tuple[bool | None, bool | None]]) -> None:
    rows = Held({"a": booleans([a for a, _b in pairs]), "b": booleans([b for _a, b in pairs])}, len(pairs))
    a, b = Field("a"), Field("b")

    def sql(both: bool) -> list[bool | None]:
        decided = not both  # what one side alone decides
        return [
            decided if decided in pair else None if None in pair else both for pair in pairs
        ]  # fmt: skip

    assert plain((a & b).of(rows)) == sql(True)
    assert plain((a | b).of(rows)) == sql(False)
    assert plain((~a).of(rows)) == [None if x is None else not x for x, _y in pairs]
    assert rows.filter(a).count == sum(x is True for x, _y in pairs)


texts = st.text(st.characters(min_codepoint=1, max_codepoint=0x2FF), max_size=21)


@settings(deadline=None)
@given(st.lists(texts, unique=True, max_size=40), st.lists(texts, max_size=40))
def test_ids_are_told_apart_whatever_they_are(known: list[str], asked: list[str]) -> None:
    ids = Ids()
    ids.add(pa.array(known, pa.string()))
    sliced = pa.array(["before", *asked, "after"], pa.string()).slice(1, len(asked))
    expected = [known.index(text) if text in known else -1 for text in asked]
    assert ids.find(sliced).tolist() == expected
    numbers = ids.numbers(sliced)
    assert [ids.texts()[int(number)].as_py() for number in numbers] == asked
    assert len(ids) == len({*known, *asked})


def test_each_of_many_ids_is_found_by_itself_and_among_others() -> None:
    # Alone, an id whose first slots are taken leaves nothing else to look for.
    ids, known = Ids(), [f"p{number}" for number in range(4000)]
    ids.add(pa.array(known))
    assert ids.find(pa.array(known)).tolist() == list(range(4000))
    assert [int(ids.find(pa.array([text]))[0]) for text in known] == list(range(4000))


def test_what_arrays_cannot_do_they_say() -> None:
    rows = Held({"a": Values(np.array([1.0, 0.0]), "number"), "d": Values(np.array([1, 2], np.int32), "date")}, 2)
    a, d = Field("a"), Field("d")
    for refused in (a / a, a + d, d.lower(), d.cast("int64"), a == d, a.isin(["x"])):
        assert isinstance(refused, Expression)
        with pytest.raises(Unsupported):
            refused.of(rows)
    for ask in (lambda: a.median(), lambda: rows.order_by("a"), lambda: Library().case(), lambda: a.delta(d, unit="h")):
        with pytest.raises(Unsupported):
            ask()


def test_many_with_many_is_left_to_the_database() -> None:
    keys = Values(np.array([0, 0, 1], np.int32), "text", texts=pa.array(["x", "y"]))
    left, right = Held({"k": keys, "v": keys}, 3), Held({"k": keys, "w": keys}, 3)
    with pytest.raises(Unsupported):
        left.inner_join(right, "k")
    with pytest.raises(Unsupported):
        left.left_join(right, "k")


def test_deals_in_pieces_are_the_deals_at_once(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    from headway.metrics.arrays import tables as read

    facts = company()
    c, files = canonical("UTC"), {}
    for name in ("opportunities", "stage_changes"):
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(facts.con.execute(f"SELECT * FROM {name}").to_arrow_table(), files[name], row_group_size=2)
    groups = [
        group for group in GROUPS if group[0].table == "opportunities" and "expansion" not in name_of_group(group)
    ]
    people = People()
    whole = {
        name_of_group(group): part_in_arrays(InArrays.over(c, Tables(files)), group, people.of_texts)
        for group in groups
    }
    monkeypatch.setattr(read, "ROWS", 3)
    monkeypatch.setattr(read, "BLOCK", 2)
    pieces = parts_in_arrays(c, Tables(files), groups, people.of_texts)
    assert any(len(parts) > 1 for parts in pieces.values())
    for group in groups:
        name = name_of_group(group)
        for one, other in zip(told(group, pieces[name], people), told(group, (whole[name],), people), strict=True):
            assert np.allclose(one, other, equal_nan=True), name
    facts.con.close()
