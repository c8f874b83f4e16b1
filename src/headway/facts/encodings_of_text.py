"""Which encoding a text file is in, found from its bytes."""

from __future__ import annotations

import codecs
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 1 << 16
_BLOCK = 1 << 23
FALLBACK = "headway.cp1252"


def _decode_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in bad), error.end


codecs.register_error(FALLBACK, _decode_as_windows)


@dataclass(frozen=True)
class Encoding:
    """A codec, how to treat bytes it does not know, and its name for people."""

    codec: str
    errors: str
    words: str


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as file:
        try:
            while block := file.read(_BLOCK):
                if not block.isascii() or decoder.getstate()[0]:
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """Several programs wrote into the file: more lines are good UTF-8 with accents than not."""
    good = bad = 0
    with open_bytes(path) as file:
        for line in file.read(_BLOCK).splitlines():
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good > bad


def detect(path: Path) -> Encoding:
    """The encoding of a text file: by its mark, else UTF-8 if all of it is, else Windows-1252."""
    with open_bytes(path) as file:
        head = file.read(SAMPLE)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec, "replace", codec.removesuffix("-sig").upper())
    if head and head.count(0) > len(head) / 5:
        little = head[1::2].count(0) >= head[0::2].count(0)
        return Encoding("utf-16-le" if little else "utf-16-be", "replace", "UTF-16")
    if _is_utf8(path):
        return Encoding("utf-8", "strict", "UTF-8")
    if _mostly_utf8(path):
        return Encoding("utf-8", FALLBACK, "UTF-8 with some Windows-1252")
    return Encoding("cp1252", FALLBACK, "Windows-1252")
