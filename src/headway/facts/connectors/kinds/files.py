"""Folders and object stores, listed and read with dlt's `filesystem`: exports put there again and again.

Docs: dlthub.com/docs, "Filesystem source". When a file is new or changed, all files are loaded together, since they
explain each other; what they mean is remembered from the first load by hand, else guessed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.facts.connectors.book import Book, Page, Record
from headway.facts.connectors.canonical import Canonical
from headway.facts.connectors.extra import extra
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.web import AccessExpired, SourceTrouble
from headway.facts.readers import SUFFIXES

FILES_PAGE = 200


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **_how: Any) -> Folder:
    """The connector of one source."""
    return Folder(name, settings, secrets)


class Folder:
    """Reads the files of one folder or bucket."""

    gives: Mapping[str, tuple[str, ...]] = {}
    stages: Mapping[str, str] = {}

    def __init__(self, name: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self.name, self._glob = name, settings["glob"]
        address = settings["address"].rstrip("/")
        self._address = address if "://" in address else Path(address).expanduser().resolve().as_uri()
        self._settings, self._secrets = settings, secrets

    def open(self) -> str:
        """Nothing to sign in to: the first listing shows whether the folder can be read."""
        return ""

    def streams(self) -> tuple[Stream, ...]:
        """The list of files."""
        return (Stream("files", self._files, complete=True),)

    def _listed(self) -> Iterator[Any]:
        found = extra("dlt.sources.filesystem").filesystem(
            bucket_url=self._address, credentials=self._credentials(), file_glob=self._glob, files_per_page=FILES_PAGE
        )
        try:
            yield from found
        except PermissionError as error:
            raise AccessExpired(
                _("%s may not be read with the keys of this source") % self._address,
                todo=_("Give keys that may list and read it; then sync again."),
            ) from error
        except Exception as error:
            raise SourceTrouble(
                _("The folder cannot be read"), value=self._address, todo=_("Check the address and the keys.")
            ) from error

    def _credentials(self) -> Any:
        if not self._address.startswith("s3:"):
            return extra("fsspec").filesystem("file")
        specs = extra("dlt.common.configuration.specs")
        return specs.AwsCredentials(
            aws_access_key_id=self._settings.get("user") or None,
            aws_secret_access_key=self._secrets.get("secret") or None,
            region_name=self._settings.get("region") or None,
            endpoint_url=self._settings.get("endpoint") or None,
        )

    def _files(self, _reading: Reading) -> Iterator[Page]:
        records = []
        for item in self._listed():
            name = str(item["relative_path"])
            if Path(name).suffix.lower() in SUFFIXES:
                body = {"size": item["size_in_bytes"], "changed": str(item["modification_date"])}
                records.append(Record(name, body))
        if not records:
            raise BadInput(
                _("No file of the folder can be read"), value=self._glob, todo=_("CSV, Excel and Parquet are read.")
            )
        yield Page(tuple(records), None)

    def fetch(self, book: Book, folder: Path) -> list[Path]:
        """All files, brought here where they were not before; nothing where none changed."""
        if not book.is_touched("files"):
            return []
        wanted = {r.id: r.body for r in book.pending("files", everything=True)}
        folder.mkdir(parents=True, exist_ok=True)
        for item in self._listed():
            name = str(item["relative_path"])
            if name in wanted:
                target = folder / name.replace("/", "__")
                part = target.with_name(f".{target.name}.part")
                with item.open() as source, open(part, "wb") as here:
                    shutil.copyfileobj(source, here)
                part.rename(target)
        return [folder / name.replace("/", "__") for name in sorted(wanted)]

    def shape(self, book: Book, out: Canonical) -> None:
        """The files are loaded as they are: see `fetch`."""
