"""Things kept in the process: as many as said, those used last."""

from __future__ import annotations

from headway.core.kept import Kept


def test_what_was_not_used_for_longest_goes() -> None:
    kept: Kept[str, int] = Kept(2)
    assert kept.put("a", 1) == 1
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    kept.put("c", 4)
    assert kept.get("c") == 4
