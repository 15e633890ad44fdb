"""The planner: staffing, hiring and plans for teams. `create_app` wires it together and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from planner.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The web application on these settings, by default the environment's."""
    from planner import wiring  # noqa: PLC0415 -- Flask is not loaded before it is needed: `planner solve` starts without it

    return wiring.make_app(settings)
