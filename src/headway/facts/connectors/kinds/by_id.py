"""Reading in the order of ids, a page at a time, for sources that can be asked what comes after an id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from headway.facts.connectors.book import Body, Page, Record
from headway.facts.connectors.kinds.base import Reading


def page_of(records: Sequence[Record], *, last: object, full: bool) -> Page:
    """A page; the next one begins after `last`, and there is none where this one is not full."""
    return Page(tuple(records), {"after": last} if full else None)


def row_pages(
    reading: Reading, ask: Callable[[int], list[Body]], record: Callable[[Body], Record], *, most: int
) -> Iterator[Page]:
    """Rows as records.

    Args:
        reading: where to begin.
        ask: at most `most` rows after an id, in the order of their ids.
        record: a row as it is kept.
        most: how many rows make a full page.
    """
    last = int((reading.cursor or {}).get("after", 0))
    while True:
        rows = ask(last)
        last = rows[-1]["id"] if rows else last
        yield page_of([record(row) for row in rows], last=last, full=len(rows) == most)
        if len(rows) < most:
            return


def id_pages(reading: Reading, ask: Callable[[int], list[int]], *, most: int) -> Iterator[Page]:
    """Nothing but the ids there are, to find out which are gone; as `row_pages`."""

    def rows(last: int) -> list[Body]:
        return [{"id": one} for one in ask(last)]

    return row_pages(reading, rows, lambda row: Record(str(row["id"]), {}), most=most)


def touched_pages(
    reading: Reading, stream: str, read: Callable[[list[int]], list[Record]], *, most: int
) -> Iterator[Page]:
    """What belongs to the records of another stream that came in this run, such as their history."""
    after = str((reading.cursor or {}).get("after", ""))
    while True:
        ids = reading.book.touched(stream, run=reading.run, after=after, most=most)
        after = ids[-1] if ids else after
        yield page_of(read([int(one) for one in ids]) if ids else [], last=after, full=len(ids) == most)
        if len(ids) < most:
            return
