"""One load at a time: a lock that the system lets go of when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from django.utils.translation import gettext as _

from headway.core.errors import Conflict
from headway.facts.folder import facts_folder


def take(handle: int) -> None:
    """Lock an open file for this process. Raises OSError where another has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def load_lock() -> Iterator[None]:
    """Hold the right to change the facts.

    Raises:
        Conflict: somebody else is loading.
    """
    facts_folder().mkdir(parents=True, exist_ok=True)
    handle = os.open(facts_folder() / ".lock", os.O_RDWR | os.O_CREAT)
    try:
        try:
            take(handle)
        except OSError as error:
            raise Conflict(
                _("Another load is running"), todo=_("Wait until it is done and load again; nothing was changed.")
            ) from error
        yield
    finally:
        os.close(handle)
