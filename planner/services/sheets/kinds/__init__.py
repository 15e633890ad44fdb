"""The tables that can come by sheet, by name."""

from __future__ import annotations

from planner.services.sheets.kinds.absences import Absences, PastAllocations
from planner.services.sheets.kinds.candidates import Candidates
from planner.services.sheets.kinds.feedback import FeedbackRows
from planner.services.sheets.kinds.kind import Item, Kind, Present
from planner.services.sheets.kinds.measurements import Measurements
from planner.services.sheets.kinds.outcomes import Efforts, Finished
from planner.services.sheets.kinds.people import People
from planner.services.sheets.kinds.projects import Needs, Projects
from planner.services.sheets.kinds.skills import Ratings, Skills

_ALL: tuple[Kind, ...] = (
    People(), Skills(), Ratings(), Absences(), Projects(), Needs(), Candidates(), PastAllocations(),
    FeedbackRows(),
    Measurements(),
    Efforts(), Finished(),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}

__all__ = ["KINDS", "Item", "Kind", "Present"]
