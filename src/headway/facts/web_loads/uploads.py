"""Files that come through a page: straight to disk, never whole in memory, into the folder of their load."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from headway.core.errors import BadInput, HeadwayError, StorageTrouble
from headway.core.home_folder import home

FIELD = "files"
MOST_BYTES = 8 * 1024**3
MOST_FILES = 60
# What must stay free on the disk while files arrive: the records and the facts are written there too.
SPARE_BYTES = 50 * 1024**2
CHUNK = 256 * 1024
STALE_SECONDS = 7 * 86_400
_UNSAFE = re.compile(r"[\x00-\x1f/\\:]+")


@dataclass(frozen=True)
class StoredFile:
    """A file kept for a load: the name it came with, and its bytes."""

    name: str
    size: int

    def as_json(self) -> dict[str, Any]:
        """Plain data for the record of the load."""
        return asdict(self)


def uploads_folder() -> Path:
    """The folder of all files that wait for their load."""
    return home() / "tmp" / "uploads"


def folder_of(key: str) -> Path:
    """The folder of one load's files."""
    return uploads_folder() / re.sub(r"[^A-Za-z0-9_-]", "", key)


def new_key() -> str:
    """A name for a load's folder that nobody can guess."""
    return secrets.token_hex(12)


def forget(key: str) -> None:
    """Remove a load's files. Nothing happens where there are none."""
    if key:
        # Moved aside first: a job's sign of life that is written meanwhile must not keep the folder there.
        aside = folder_of(key).with_suffix(".gone")
        with contextlib.suppress(OSError):
            folder_of(key).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(folder_of(key), ignore_errors=True)


def forget_stale() -> None:
    """Remove files that nobody came back for within a week."""
    old = time.time() - STALE_SECONDS
    for left in uploads_folder().glob("*"):
        if left.is_dir() and left.stat().st_mtime < old:
            shutil.rmtree(left, ignore_errors=True)


def tidy_name(name: str) -> str:
    """A file's name without anything that could lead elsewhere; its ending stays."""
    plain = _UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(". ") or "file"
    stem, ending = os.path.splitext(plain)
    return f"{stem[:120]}{ending[:12]}"


class StraightToDisk(FileUploadHandler):
    """Writes each file into the load's folder as it arrives.

    What goes wrong is kept in `trouble` instead of raised: the rest of the request is still read, so that the
    browser shows the sentence and not a broken connection.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.key = new_key()
        self.trouble: HeadwayError | None = None
        self.stored: list[StoredFile] = []
        self._out: IO[bytes] | None = None
        self._path: Path | None = None
        self._total = 0

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return folder_of(self.key)

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - the name is Django's
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> Any:
        """Refuse before the first byte what cannot fit."""
        self.trouble = _cannot_fit(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file begins."""
        super().new_file(*args, **kwargs)
        if self.trouble is not None or self.field_name != FIELD:
            raise SkipFile
        if len(self.stored) >= MOST_FILES:
            self.trouble = _too_many()
            raise SkipFile
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._path = self._free_path(tidy_name(self.file_name or "file"))
            self._out = self._path.open("wb")
        except OSError as error:
            self._fail(error)

    def _free_path(self, name: str) -> Path:
        path, number = self.folder / name, 2
        while path.exists():
            stem, ending = os.path.splitext(name)
            path, number = self.folder / f"{stem} ({number}){ending}", number + 1
        return path

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """A piece of the file."""
        self._total += len(raw_data)
        if self._total > MOST_BYTES:
            self.trouble = _too_large()
            self._close()
            raise SkipFile
        try:
            if self._out is not None:
                self._out.write(raw_data)
        except OSError as error:
            self._fail(error)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file is whole."""
        path = self._path
        try:
            self._close()
        except OSError as error:
            self.trouble = _storage(error)
            return None
        if path is None or self.trouble is not None:
            return None
        self.stored.append(StoredFile(path.name, file_size))
        # Django wants a file to stand for it; the bytes stay where they are.
        return UploadedFile(file=io.BytesIO(), name=path.name, size=file_size)

    def upload_interrupted(self) -> None:
        """The browser went away in the middle."""
        self._close()
        forget(self.key)

    def _close(self) -> None:
        out, self._out, self._path = self._out, None, None
        if out is not None:
            out.close()

    def _fail(self, error: OSError) -> None:
        self.trouble = _storage(error)
        with contextlib.suppress(OSError):
            self._close()
        raise SkipFile


def _cannot_fit(content_length: int) -> HeadwayError | None:
    if content_length > MOST_BYTES:
        return _too_large()
    uploads_folder().mkdir(parents=True, exist_ok=True)
    if content_length + SPARE_BYTES > shutil.disk_usage(uploads_folder()).free:
        return _disk_full()
    return None


def _disk_full() -> StorageTrouble:
    return StorageTrouble(
        _("The disk of the Headway machine is full, so nothing was loaded"),
        todo=_("Make room there, then send the files again."),
    )


def _storage(error: OSError) -> StorageTrouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full()
    return StorageTrouble(
        _("The file could not be kept, so nothing was loaded"),
        value=error.strerror or "",
        todo=_("Ask your administrator to look at the folder of Headway, then send the files again."),
    )


def _too_large() -> BadInput:
    return BadInput(
        _("The files are larger than %(most)d GB together") % {"most": MOST_BYTES // 1024**3},
        todo=_("Send them one after the other, or use headway load on the machine itself."),
    )


def _too_many() -> BadInput:
    return BadInput(
        _("More than %(most)d files were sent at once") % {"most": MOST_FILES}, todo=_("Send them in several loads.")
    )
