"""What HR alone knows never leaves: not in a page, a file, an answer of the API, a list, an error."""

from __future__ import annotations

import io
import zipfile

from django.test import Client
from pypdf import PdfReader

from headway.api.service import document
from tests.reach.addresses import ADDRESSES
from tests.reach.test_api import filled
from tests.reach.test_pages import path_of
from tests.reach.world import SECRETS, World


def words_in(content: bytes) -> str:
    """All text of an answer: of a PDF its pages, of a DOCX or ZIP its parts."""
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return " ".join(words_in(parts.read(name)) for name in parts.namelist())
    return content.decode(errors="replace")


def addresses(world: World) -> list[str]:
    pages = [
        path_of(name, address, world)
        for name, found in ADDRESSES.items()
        for address in found
        if address.method == "GET"
    ]
    api = [filled(path, world) for path, methods in document()["paths"].items() if "get" in methods]
    return [*pages, *api, "/audit/?event=protected.recorded", "/api/v1/plans?person_id=P7"]


def leaks(client: Client, world: World) -> list[str]:
    found = []
    for path in addresses(world):
        text = words_in(client.get(path).content)
        found += [f"{path}: {secret}" for secret in SECRETS.values() if secret in text]
    return found


def test_secrets_stay_with_hr(world: World) -> None:
    told = {who: leaks(viewer.browser, world) for who, viewer in world.viewers.items() if who != "hr"}
    assert {who: found for who, found in told.items() if found} == {}


def test_hr_itself_reads_them(world: World) -> None:
    """Without this the test above could be green because nothing is shown at all."""
    found = " ".join(leaks(world.viewers["hr"].browser, world))
    assert SECRETS["protected"] in found
