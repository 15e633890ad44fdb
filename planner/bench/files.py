"""Files that are whole or not there: whoever is stopped in the middle leaves nothing that looks done."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file at once; its directory is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, document: object) -> None:
    write_whole(path, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def read_json(path: Path) -> Any:
    """What a file of ours says; None where it is missing or broken, so that it is made anew."""
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def digest_of(*paths: Path) -> str:
    """A name for the contents of files, in their order."""
    found = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:16]
