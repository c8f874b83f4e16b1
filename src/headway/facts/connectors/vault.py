"""Secrets of sources: a reference to a variable or a file, or sealed with a key that only this installation has.

The key lies in `HEADWAY_HOME/sync-key`, readable by its owner alone, and never in the database: whoever has the
database alone has no token.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.home_folder import home
from headway.facts.connectors.extra import extra

_SEALED, _VARIABLE, _FILE = "sealed:", "env:", "file:"
# Whoever names a variable sends its value to the source's address, so it cannot be just any variable.
VARIABLE_PREFIX = "SYNC_"


def _key() -> bytes:
    path = home() / "sync-key"
    if not path.exists():
        home().mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(extra("cryptography.fernet").Fernet.generate_key())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes().strip()


def keep(secret: str) -> str:
    """What is kept of a secret: `env:SYNC_…` and `file:PATH` as they are, anything else sealed.

    Raises:
        BadInput: the variable's name does not begin with SYNC_.
    """
    if secret.startswith(_VARIABLE) and not secret.removeprefix(_VARIABLE).startswith(VARIABLE_PREFIX):
        raise BadInput(
            _("The name of the environment variable has to begin with %s") % VARIABLE_PREFIX,
            value=secret.removeprefix(_VARIABLE),
            todo=_("Name it so, and only secrets of sources can ever be sent to a source."),
        )
    if not secret or secret.startswith((_VARIABLE, _FILE)):
        return secret
    return _SEALED + str(extra("cryptography.fernet").Fernet(_key()).encrypt(secret.encode()).decode())


def reveal(kept: str) -> str:
    """The secret behind what `keep` made.

    Raises:
        BadInput: the variable or file is not there, or the key is another one.
    """
    if kept.startswith(_VARIABLE):
        name = kept.removeprefix(_VARIABLE)
        value = os.environ.get(name, "")
        if not value:
            raise BadInput(
                _("The environment variable with the secret is not set"),
                value=name,
                todo=_("Set it for the process that runs the sync, or give the secret to the source again."),
            )
        return value.strip()
    if kept.startswith(_FILE):
        path = Path(kept.removeprefix(_FILE)).expanduser()
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadInput(
                _("The file with the secret cannot be read"), value=path, todo=_("Mend the path or its permissions.")
            ) from error
    if not kept:
        return ""
    fernet = extra("cryptography.fernet")
    try:
        return str(fernet.Fernet(_key()).decrypt(kept.removeprefix(_SEALED).encode()).decode())
    except (fernet.InvalidToken, ValueError) as error:
        raise BadInput(
            _("The secret of this source cannot be opened: the key in the Headway folder is another one"),
            todo=_("Give the secret to the source again."),
        ) from error


def hidden(text: str, secrets: tuple[str, ...]) -> str:
    """A text in which none of the secrets can be read any more."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "•••")
    return text


def where(kept: str) -> str:
    """Where a secret is kept, for people: never the secret."""
    if not kept:
        return _("none")
    if kept.startswith(_VARIABLE):
        return _("in the environment variable %s") % kept.removeprefix(_VARIABLE)
    if kept.startswith(_FILE):
        return _("in the file %s") % kept.removeprefix(_FILE)
    return _("sealed, with a key in the Headway folder")
