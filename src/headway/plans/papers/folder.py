"""Where frozen papers lie: `documents/` in the home. Written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from headway.core.errors import StorageTrouble
from headway.core.home_folder import home


def folder() -> Path:
    """The folder, made if need be."""
    found = home() / "documents"
    found.mkdir(parents=True, exist_ok=True)
    return found


def write(name: str, content: bytes) -> None:
    """Write a paper and see it on the disk before anybody says that it is there.

    Raises:
        StorageTrouble: no room, or no right to write.
    """
    beside = folder() / f".{name}.part"
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder() / name)
    except OSError as trouble:
        beside.unlink(missing_ok=True)
        raise StorageTrouble(
            "The signed paper cannot be kept", value=trouble.strerror, todo="Make room on the disk; it is made again."
        ) from trouble


def read(name: str) -> bytes | None:
    """The paper's bytes, None where the file is gone."""
    try:
        return (folder() / name).read_bytes()
    except FileNotFoundError:
        return None
