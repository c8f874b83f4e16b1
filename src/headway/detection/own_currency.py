"""Amounts in the currency of the facts: nobody knows what another one is worth, so it is never added to it."""

from headway.detection.facts_port import FactsLike


def foreign_sql(facts: FactsLike, alias: str) -> str:
    """SQL: whether the row's amount is in another currency than the facts'; no currency given means that one."""
    ours = facts.currency.upper().replace("'", "''")
    return f"upper(coalesce(nullif(trim({alias}.currency), ''), '{ours}')) <> '{ours}'"


def amount_sql(facts: FactsLike, alias: str) -> str:
    """SQL: the row's amount, unknown (NULL) where it is in another currency."""
    return f"CASE WHEN NOT ({foreign_sql(facts, alias)}) THEN {alias}.amount END"
