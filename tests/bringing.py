"""Brings sheets in as a user of the pages does: sends cells, says what the columns mean, looks, imports, undoes."""

from __future__ import annotations

import io
import re
from typing import Any

from pages import CheckedClient


def upload(client: CheckedClient, kind: str, text: str) -> str:
    """Sends cells; the address of the import."""
    said = client.send(f"/imports/add/{kind}", {"text": text, "version": ""})
    assert said.status_code == 303, said.text
    return str(said.location).removesuffix("/columns")


def send_file(client: CheckedClient, kind: str, data: bytes, name: str) -> str:
    """Sends a file; the address of the import."""
    said = client.send(
        f"/imports/add/{kind}", {"version": "", "file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    assert said.status_code == 303, said.text
    return str(said.location).removesuffix("/columns")


def looked(client: CheckedClient, kind: str, text: str, **changes: str) -> str:
    """Sends cells and takes the columns as they were guessed, but for some; what it would do is shown then."""
    address = upload(client, kind, text)
    said = client.save(f"{address}/columns", **changes)
    assert said.status_code == 303, said.text
    return address


def post(client: CheckedClient, address: str, verb: str, page: str = "", **said: Any) -> Any:
    """Sends what a button of the page sends, with the version that the page was read at."""
    version = re.search(r'name="version"[^>]* value="(\d+)"', client.get(page or address).text)
    assert version
    return client.send(f"{address}/{verb}", {"version": version[1], **said}, page=page or address)


def run(client: CheckedClient, address: str) -> Any:
    return post(client, address, "run")


def undo(client: CheckedClient, address: str) -> Any:
    return post(client, address, "undo", f"{address}/undo")


def imported(client: CheckedClient, kind: str, text: str) -> str:
    """Sends cells and imports them; the address of the import."""
    address = looked(client, kind, text)
    said = run(client, address)
    assert said.status_code == 303, client.get(address).text
    return address
