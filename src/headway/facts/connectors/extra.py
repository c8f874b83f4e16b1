"""The packages connectors need and the rest of Headway does not: imported here, and only when a sync runs."""

from __future__ import annotations

import importlib
import os
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput


def extra(module: str) -> Any:
    """A module of the extra `connectors`.

    Raises:
        BadInput: the extra is not installed; says how to install it.
    """
    # dlt tells its makers about its use unless it is told not to, and looks for settings where it was started.
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise BadInput(
            _("Connecting to other systems needs packages that are not installed"),
            value=module.split(".")[0],
            todo=_("Install them with: make connectors (or pip install -r requirements/connectors.txt)."),
        ) from error
