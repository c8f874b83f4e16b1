"""Whether the records of this home fit this version of the code; brought up where they do not."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from headway.core.errors import StorageTrouble


def _wanted() -> str:
    """A digest of all migrations there are, and of where the records lie."""
    names = [os.environ.get("DATABASE_URL", ""), str(settings.DATABASES["default"]["NAME"])]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        names += sorted(f"{app.label}.{file.stem}" for file in folder.glob("0*.py"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _stamp() -> Path:
    return settings.HEADWAY_HOME / "records-ready"


def ready() -> None:
    """Make the records fit if they do not; costs a few file names where they do.

    Raises:
        StorageTrouble: the database cannot be opened.
    """
    stamp, wanted = _stamp(), _wanted()
    name = settings.DATABASES["default"]["NAME"]
    gone = isinstance(name, Path) and not name.exists()
    if not gone and stamp.exists() and stamp.read_text() == wanted:
        return
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as trouble:
        raise StorageTrouble(
            "The records cannot be opened", value=str(trouble).strip(), todo="Check DATABASE_URL and HEADWAY_HOME."
        ) from trouble
    stamp.write_text(wanted)
