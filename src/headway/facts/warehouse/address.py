"""The one address of the company's warehouse, `HEADWAY_WAREHOUSE`, and the password that is never shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from django.utils.translation import gettext as _

from headway.core.errors import WrongUsage

VARIABLE = "HEADWAY_WAREHOUSE"
PASSWORD = "HEADWAY_WAREHOUSE_PASSWORD"
SECONDS = 300.0
# What an address begins with -> the kind of engine.
KINDS = {
    "duckdb": "duckdb",
    "postgres": "postgres",
    "postgresql": "postgres",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
    "chdb": "chdb",
    "spark": "spark",
    "pyspark": "spark",
    "sc": "spark",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
}
_PARTS = re.compile(r"^(?:(?P<user>[^@/?]*)@)?(?P<place>[^/?]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?$", re.DOTALL)
# Options of an address that hold secrets, as some drivers take them.
_SECRET = re.compile(r"password|token|secret|key|passwd|pwd", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address taken apart.

    Args:
        scheme: as written; `kind`: the engine.
        place: host, or what Spark calls its master.
        options: what stands behind the question mark, decoded.
        password: of the address or of `HEADWAY_WAREHOUSE_PASSWORD`; never shown.
    """

    scheme: str
    kind: str
    user: str
    place: str
    port: int | None
    path: str
    options: Mapping[str, str]
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address without what is secret."""
        at = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        open_ = "&".join(f"{k}={v}" for k, v in self.options.items() if not _SECRET.search(k))
        return f"{self.scheme}://{at}{self.place}{port}{self.path}{'?' + open_ if open_ else ''}"

    @property
    def seconds(self) -> float:
        """How long one question may take: `timeout`, 300 seconds if it is not given."""
        said = self.options.get("timeout", "")
        try:
            return max(1.0, float(said)) if said else SECONDS
        except ValueError:
            raise WrongUsage(
                _("The timeout of the warehouse is not a number of seconds"),
                value=said,
                todo=_("Write it as timeout=300 in %s.") % VARIABLE,
            ) from None

    def hidden(self, text: str) -> str:
        """Words of a driver with every secret of the address taken out."""
        secrets = [self.password, *(v for k, v in self.options.items() if _SECRET.search(k))]
        for secret in secrets:
            if secret:
                text = text.replace(secret, "***")
        return text


def parse(text: str, *, password: str = "") -> Address:
    """Take an address apart; `password` is taken where the address has none.

    Raises:
        WrongUsage: it names no engine that is known. The address itself is not repeated: it may hold a password.
    """
    scheme, colon, rest = text.strip().partition("://")
    kind = KINDS.get(scheme.lower())
    if not colon or kind is None:
        raise WrongUsage(
            _("%s is not the address of a warehouse") % VARIABLE,
            value=scheme if colon else None,
            todo=_("It begins with one of %s and goes on with ://, such as postgres://user@host/database.")
            % ", ".join(sorted(KINDS)),
        )
    found = _PARTS.match(rest)
    assert found is not None
    user, _at, secret = (found["user"] or "").partition(":")
    place, port = _port(found["place"] or "", kind)
    return Address(
        scheme=scheme.lower(),
        kind=kind,
        user=unquote(user),
        place=place,
        port=port,
        path=unquote(found["path"] or ""),
        options=dict(parse_qsl(found["query"] or "", keep_blank_values=True)),
        password=unquote(secret) or password,
    )


def _port(place: str, kind: str) -> tuple[str, int | None]:
    host, colon, port = place.rpartition(":")
    if kind in ("spark", "duckdb") or not colon or not port.isdigit():
        return place, None
    return host, int(port)


def configured() -> Address | None:
    """The company's warehouse, or None where the facts are loaded from files."""
    text = os.environ.get("HEADWAY_WAREHOUSE", "").strip()
    return parse(text, password=os.environ.get("HEADWAY_WAREHOUSE_PASSWORD", "")) if text else None
