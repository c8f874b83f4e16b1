"""A real Tryton on loopback: a database with `sale_opportunity`, made once per version and copied for each run."""

from __future__ import annotations

import base64
import contextlib
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PASSWORD = "not-a-secret-of-anybody"
BIN = Path(sys.executable).parent


def _run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [BIN / "trytond-admin", "-c", folder / "trytond.conf", "-d", "crm", *arguments],
        env={**os.environ, "TRYTONPASSFILE": str(folder / "password")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _configure(folder: Path, port: int) -> None:
    (folder / "password").write_text(PASSWORD)
    (folder / "trytond.conf").write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n"
    )


def _template() -> Path:
    """The database, from an earlier run where there was one: setting it up takes half a minute."""
    versions = [importlib.metadata.version(n) for n in ("trytond", "trytond-sale-opportunity")]
    kept = Path(tempfile.gettempdir()) / f"headway-tests-tryton-{'-'.join(versions)}-{os.getuid()}.sqlite"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _configure(folder, 0)
            (folder / "crm.sqlite").touch()
            _run(folder, "--all", "--email", "admin@headway.example")
            _run(folder, "-u", "sale_opportunity", "--activate-dependencies")
            made = kept.with_suffix(f".{os.getpid()}")
            shutil.copyfile(folder / "crm.sqlite", made)
            made.rename(kept)
    return kept


class Rpc:
    """Tryton's JSON-RPC, spoken by hand: the data of the tests is not made with what is tested."""

    def __init__(self, address: str) -> None:
        self.address, self._head, self.context = address, {}, {}
        user, token, *_rest = self._send("common.db.login", "admin", {"password": PASSWORD})
        self._head = {"Authorization": "Session " + base64.b64encode(f"admin:{user}:{token}".encode()).decode()}

    def _send(self, method: str, *params: Any) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(
            f"{self.address}/crm/rpc/", body, {"Content-Type": "application/json", **self._head}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
        assert not answer.get("error"), answer["error"]
        return answer["result"]

    def __call__(self, method: str, *params: Any) -> Any:
        return self._send(f"model.{method}", *params, self.context)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a copy of the database; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _configure(folder, port)
    shutil.copyfile(_template(), folder / "crm.sqlite")
    with open(folder / "log", "w") as log:
        server = subprocess.Popen([BIN / "trytond", "-c", folder / "trytond.conf", "-d", "crm"], stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        assert server.poll() is None, "Tryton did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("Tryton does not answer")


def money(text: str) -> dict[str, str]:
    """A Decimal as Tryton's JSON has it."""
    return {"__class__": "Decimal", "decimal": text}


def found_company(rpc: Rpc) -> dict[str, int]:
    """A company with a manager, a rep and a customer; gives ids."""
    euro = rpc(
        "currency.currency.create",
        [{"name": "Euro", "code": "EUR", "symbol": "€", "digits": 2, "rounding": money("0.01")}],
    )[0]
    own = rpc("party.party.create", [{"name": "Alder Tools"}])[0]
    company = rpc("company.company.create", [{"party": own, "currency": euro}])[0]
    rpc("res.user.write", [1], {"companies": [["add", [company]]], "company": company})
    rpc.context = {"company": company, "companies": [company]}

    def party(name: str, email: str) -> dict[str, Any]:
        return {"name": name, "contact_mechanisms": [["create", [{"type": "email", "value": email}]]]}

    mia, jonas = rpc(
        "party.party.create", [party("Mia Boss", "mia@x.example"), party("Jonas Weber", "jonas@x.example")]
    )
    customer = rpc("party.party.create", [{"name": "Acme"}])[0]
    start = {"__class__": "date", "year": 2023, "month": 2, "day": 1}
    boss = rpc("company.employee.create", [{"party": mia, "company": company}])[0]
    rep = rpc(
        "company.employee.create", [{"party": jonas, "company": company, "supervisor": boss, "start_date": start}]
    )[0]
    return {"euro": euro, "company": company, "boss": boss, "rep": rep, "customer": customer}


def open_deals(rpc: Rpc, ids: dict[str, int], number: int, amount: str = "1200.50") -> list[int]:
    """New leads of the rep."""
    row = {
        "party": ids["customer"],
        "employee": ids["rep"],
        "company": ids["company"],
        "currency": ids["euro"],
        "amount": money(amount),
    }
    return list(rpc("sale.opportunity.create", [row] * number))
