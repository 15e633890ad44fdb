"""What a list left with: the values of an export by its code, to which a sheet that comes back is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from planner.services.sheets.kinds import Kind
from planner.services.sheets.world import World


def values_of(session: Session, code: str, kind: Kind, world: World) -> Mapping[str, Mapping[str, Any]] | None:
    """The values of the rows of an export, by key; None where nothing is known of it."""
    return None
