"""Ids as numbers: each id of a key is its place among all ids of that key.

Ids are compared as whole words of eight bytes, found by a table of slots. Nothing is sorted, and no text is made a
Python object.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from headway.metrics.arrays import Unsupported

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]
_MIX = np.uint64(0x9E3779B97F4A7C15)
# Ids that are entered or found together: their arrays fit into the processor's cache.
PIECE = 1 << 15
# So many ids have that many slots each, so that what is none of them is seen at the first look.
FEW, WIDE = 1 << 18, 8
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


def _words(texts: pa.Array) -> list[Words]:
    """The texts' bytes, eight at a time, filled up with nothing."""
    _valid, offsets, data = texts.buffers()
    wide = np.int64 if texts.type == pa.large_string() else np.int32
    bounds = (
        np.frombuffer(offsets, wide)[texts.offset : texts.offset + len(texts) + 1] if len(texts) else np.zeros(1, wide)
    )
    first, last = int(bounds[0]), int(bounds[-1])
    padded = np.zeros(((last - first) // 8 + 2) * 8, np.uint8)
    if last > first:
        padded[: last - first] = np.frombuffer(data, np.uint8)[first:last]
    if not padded[: last - first].all():
        raise Unsupported("ids with bytes of nothing in them")
    aligned: Words = padded.view(np.uint64)
    starts, sizes = bounds[:-1] - first, np.diff(bounds)
    found = [_word(aligned, starts) & _MASKS.take(np.minimum(sizes, 8))]
    for at in range(8, int(sizes.max(initial=0)), 8):
        begin = np.minimum(starts + at, last - first)
        found.append(_word(aligned, begin) & _MASKS.take(np.minimum(np.maximum(sizes - at, 0), 8)))
    return found


def _word(aligned: Words, begin: npt.NDArray[Any]) -> Words:
    """The eight bytes from each place on, out of the two words that they lie in."""
    at, bits = begin >> 3, ((begin & 7) << 3).astype(np.uint64)
    # Twice, because all 64 bits cannot be shifted out at once.
    found: Words = (aligned.take(at) >> bits) | ((aligned.take(at + 1) << np.uint64(1)) << (np.uint64(63) - bits))
    return found


def _slots(words: list[Words], bits: int) -> npt.NDArray[np.int64]:
    mixed = words[0] * _MIX
    for word in words[1:]:
        mixed ^= mixed >> np.uint64(32)
        mixed ^= word
        mixed *= _MIX
    if len(words) > 1:
        mixed ^= mixed >> np.uint64(32)
        mixed *= _MIX
    # The upper bits of a product depend on all of a word.
    mixed >>= np.uint64(64 - bits)
    return mixed.view(np.int64)


class Numbered:
    """Ids that are only told apart: so many of them, by their numbers."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count


class Ids:
    """Ids of one key, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self._texts: list[pa.Array] = []
        self._words: list[Words] = [np.zeros(0, np.uint64)]
        self._table = np.zeros(0, np.int32)
        self._bits = 0

    def __len__(self) -> int:
        return len(self._words[0])

    def texts(self) -> pa.Array:
        """All ids in the order of their numbers; the same array for as long as none is added."""
        if len(self._texts) != 1:
            self._texts = [pa.concat_arrays(self._texts) if self._texts else pa.array([], pa.string())]
        return self._texts[0]

    def add(self, *texts: pa.Array) -> None:
        """More ids, each of which is new; in pieces, as many of them take longer at once.

        Raises:
            Unsupported: ids with bytes of nothing in them, which no source has.
        """
        before, pieces = len(self), [_words(piece) for piece in texts]
        self._texts += texts
        width = max(len(self._words), *map(len, pieces))
        wide = [_wide(words, width) for words in (self._words, *pieces)]
        self._words = [np.concatenate(column) for column in zip(*wide, strict=True)]
        bits = max((len(self) * (WIDE if len(self) <= FEW else 2) - 1).bit_length(), 4)
        if bits > self._bits:
            self._bits, before = bits, 0
            self._table = np.full(1 << bits, -1, np.int32)
        for first in range(before, len(self), PIECE):
            self._enter(first, min(first + PIECE, len(self)))

    def _enter(self, first: int, end: int) -> None:
        """Each of these numbers into the first free slot from its own on."""
        numbers = np.arange(first, end, dtype=np.int32)
        slots = _slots([word[first:end] for word in self._words], self._bits)
        while len(numbers):
            free = np.flatnonzero(self._table.take(slots) < 0)
            self._table[slots.take(free)] = numbers.take(free)
            left = np.flatnonzero(self._table.take(slots) != numbers)
            numbers, slots = numbers.take(left), (slots.take(left) + 1) & (len(self._table) - 1)

    def find(self, texts: pa.Array) -> Places:
        """The number of each text, -1 where it is none of the ids."""
        if len(texts) <= PIECE:
            return self._find(texts)
        return np.concatenate([self._find(texts.slice(at, PIECE)) for at in range(0, len(texts), PIECE)])

    def _find(self, texts: pa.Array) -> Places:
        if not len(self) or not len(texts):
            return np.full(len(texts), -1, np.int32)
        words = _words(texts)
        words = _wide(words, max(len(words), len(self._words)))
        ours = _wide(self._words, len(words))
        slots = _slots(words[: len(self._words)], self._bits)
        found = self._table.take(slots)
        wrong = self._differ(found, ours, words)
        rows = np.flatnonzero(wrong & (found >= 0))
        found[wrong] = -1
        slots = slots[rows]
        while len(rows):
            slots = (slots + 1) & (len(self._table) - 1)
            number = self._table.take(slots)
            wrong = self._differ(number, ours, [word.take(rows) for word in words])
            found[rows[~wrong]] = number[~wrong]
            on = wrong & (number >= 0)
            rows, slots = rows[on], slots[on]
        return found

    @staticmethod
    def _differ(number: Places, ours: list[Words], words: list[Words]) -> npt.NDArray[np.bool_]:
        found = number < 0
        for mine, theirs in zip(ours, words, strict=True):
            found |= mine.take(number) != theirs
        return found

    def numbers(self, texts: pa.Array) -> Places:
        """The number of each text; those that are new are numbered."""
        found = self.find(texts)
        strange = found < 0
        if strange.any():
            new = texts.filter(pa.array(strange))
            self.add(new.unique())
            found[strange] = self.find(new)
        return found


def _wide(words: list[Words], width: int) -> list[Words]:
    """With empty words up to that width."""
    return [*words, *(np.zeros(len(words[0]), np.uint64) for _more in range(width - len(words)))]
