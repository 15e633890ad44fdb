"""Secrets that are shown once and kept as a hash: they are long and random, so a plain SHA-256 is enough."""

from __future__ import annotations

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """A text that nobody can guess."""
    return prefix + secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(text.encode()).hexdigest()
