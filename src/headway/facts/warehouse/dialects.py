"""DuckDB's SQL, as this room writes it, in the words of another engine."""

from __future__ import annotations

from functools import cache
from typing import Any

# Ibis' names of dialects -> sqlglot's, where they differ.
_NAMES = {"pyspark": "spark"}
# ClickHouse' plain types know no NULL, and its plain date begins in 1970.
_CLICKHOUSE = {
    "DATE": "Nullable(Date32)",
    "TIMESTAMP": "Nullable(DateTime64(6, 'UTC'))",
    "TIMESTAMPNTZ": "Nullable(DateTime64(6, 'UTC'))",
    "VARCHAR": "Nullable(String)",
    "DOUBLE": "Nullable(Float64)",
    "BIGINT": "Nullable(Int64)",
}


@cache
def translated(sql: str, dialect: str) -> str:
    """The statement in the dialect; every name of a table or column stays in quotes as it is written."""
    if dialect == "duckdb":
        return sql
    import sqlglot

    tree = sqlglot.parse_one(sql, read="duckdb")
    tree = tree.transform(_arg_max, dialect)
    if dialect == "clickhouse":
        tree = tree.transform(_clickhouse_type)
    return str(tree.sql(dialect=_NAMES.get(dialect, dialect), identify=True))


def _arg_max(node: Any, dialect: str) -> Any:
    """The value of the row with the greatest key; rows without a value do not count, as in DuckDB."""
    from sqlglot import exp

    if not isinstance(node, exp.ArgMax):
        return node
    value, key = node.this, node.expression
    if dialect == "postgres":
        return exp.maybe_parse(
            f"(ARRAY_AGG({value.sql('postgres')} ORDER BY {key.sql('postgres')} DESC NULLS LAST) "
            f"FILTER (WHERE {value.sql('postgres')} IS NOT NULL))[1]",
            dialect="postgres",
        )
    known = exp.Case().when(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())), key.copy())
    return exp.ArgMax(this=value.copy(), expression=known)


def _clickhouse_type(node: Any) -> Any:
    from sqlglot import exp

    if isinstance(node, exp.DataType) and node.this.name in _CLICKHOUSE:
        return exp.DataType.build(_CLICKHOUSE[node.this.name], dialect="clickhouse")
    return node
