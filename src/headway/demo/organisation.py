"""The tables about people: people, assignments, territories, quotas, absences, groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa

from headway.demo.staff import Member, Seller, spans, territory_id
from headway.demo.teams import SEGMENTS, TEAMS
from headway.demo.workdays import AS_OF, DAYS, START, as_date, index, quarter_starts

_AGE_BANDS = ("under 35", "35 to 49", "50 and over")
_FIRST_QUOTA = date(2024, 10, 1)
_NEXT_YEAR = date(2026, 7, 1)


def people_table(staff: Sequence[Member]) -> pa.Table:
    text = ("person_id", "name", "email", "role", "manager_id", "team", "segment", "territory_id")
    columns = {c: pa.array([getattr(m, c) for m in staff], type=pa.string()) for c in text}
    columns["hired_on"] = pa.array([m.hired_on for m in staff], type=pa.date32())
    columns["left_on"] = pa.array([m.left_on for m in staff], type=pa.date32())
    return pa.table(columns)


def assignments_table(staff: Sequence[Member], sellers: Sequence[Seller]) -> pa.Table:
    """Who was where: `valid_to` is the first day no longer there, empty = still there."""
    team = {t.name: t for t in TEAMS}
    manager = {m.team: m.person_id for m in staff if m.role == "manager"}
    rows: list[tuple[str, date, date | None, str | None, str | None, str | None, str | None]] = [
        (m.person_id, m.hired_on, None, m.manager_id, m.team, m.segment, None) for m in staff if m.role == "manager"
    ]
    for s in sellers:
        for start, end, name, territory in spans(s.rep):
            where = (manager[name], name, team[name].segment, territory_id(territory))
            rows.append((s.member.person_id, start, end, *where))
    columns = ("person_id", "valid_from", "valid_to", "manager_id", "team", "segment", "territory_id")
    return _table(columns, rows, dates={"valid_from", "valid_to"})


def territories_table(sellers: Sequence[Seller]) -> pa.Table:
    """The market's worth of each territory next to the average of its segment, as RevOps measured it."""
    rows = []
    for s in sellers:
        now = (s.rep.territory, float(s.potential[-1]))
        before = [(s.rep.moved[2], s.rep.moved[3])] if s.rep.moved else []
        rows += [(territory_id(t), t, round(p, 2), date(2023, 1, 1), None) for t, p in (*before, now)]
    return _table(
        ("territory_id", "name", "potential", "valid_from", "valid_to"),
        rows,
        dates={"valid_from", "valid_to"},
    )


def quotas_table(sellers: Sequence[Seller]) -> pa.Table:
    """The same quota for everybody in a segment, whatever the territory; `period_end` = first day after."""
    rows = []
    starts = [*quarter_starts(_FIRST_QUOTA, AS_OF), _NEXT_YEAR]
    for start, end in pairwise(starts):
        for s in sellers:
            middle = min(index(start) + 45, DAYS - 1)
            if s.rep.quota and s.employed[index(start)] and s.employed[middle] and not s.on_long_leave[middle]:
                rows.append((s.member.person_id, "revenue", start, end, float(SEGMENTS[s.segment.name].quota), "EUR"))
    columns = ("person_id", "metric", "period_start", "period_end", "target", "currency")
    return _table(columns, rows, dates={"period_start", "period_end"})


def absences_table(sellers: Sequence[Seller]) -> pa.Table:
    """Time away; `end_on` is the first day back."""
    rows = [(s.member.person_id, as_date(a.first), as_date(a.last + 1), a.kind) for s in sellers for a in s.absences]
    rows = [r for r in rows if START <= r[1] <= AS_OF]
    return _table(("person_id", "start_on", "end_on", "kind"), rows, dates={"start_on", "end_on"})


def groups_table(sellers: Sequence[Seller], seed: int) -> pa.Table:
    """Age band and gender, drawn without a look at anything else."""
    rng = np.random.default_rng([seed, 0, 13])
    ages = rng.choice(3, len(sellers), p=(0.4, 0.43, 0.17))
    gender = {"f": "female", "m": "male"}
    rows = [(s.member.person_id, "age_band", _AGE_BANDS[a]) for s, a in zip(sellers, ages, strict=True)]
    rows += [(s.member.person_id, "gender", gender[s.rep.gender]) for s in sellers]
    return _table(("person_id", "attribute", "value"), rows, dates=set())


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, dates: set[str]) -> pa.Table:
    by_column = {c: [r[i] for r in rows] for i, c in enumerate(columns)}
    return pa.table({c: pa.array(v, type=pa.date32() if c in dates else None) for c, v in by_column.items()})
