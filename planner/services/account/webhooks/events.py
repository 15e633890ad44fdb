"""The events that other programs can be told of: made of the trail's entries, about the nouns that the API has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.models import AuditAction
from planner.services.account.audit.scope import owner_of

# the noun of an event -> its table, and where the API shows its rows
NOUNS: Mapping[str, tuple[str, str]] = {
    "board": ("task_board", "boards"),
    "candidate": ("candidate", "candidates"),
    "iteration": ("iteration", "iterations"),
    "feedback": ("feedback", "feedback"),
    "idea": ("idea", "ideas"),
    "experiment": ("experiment", "experiments"),
    "metric": ("metric", "metrics"),
    "need": ("role_need", "needs"),
    "objective": ("objective", "objectives"),
    "person": ("person", "people"),
    "phase": ("phase", "phases"),
    "plan": ("plan", "plans"),
    "project": ("project", "projects"),
    "proposal": ("criterion_proposal", "proposals"),
    "rate": ("exchange_rate", "rates"),
    "requisition": ("requisition", "requisitions"),
    "site": ("site", "sites"),
    "skill": ("skill", "skills"),
    "style": ("work_style", "styles"),
    "task": ("task", "tasks"),
}
NOUN_OF = {table: noun for noun, (table, _path) in NOUNS.items()}
PAST = {AuditAction.ADD: "added", AuditAction.EDIT: "changed", AuditAction.REMOVE: "removed"}
PING = "ping"


@dataclass(frozen=True)
class Event:
    """What happened to one row, or to neighbours; `entry_id` is the entry that says so."""

    name: str
    noun: str
    row_id: int | None
    row_last: int | None
    entry_id: int
    at: Any

    @property
    def path(self) -> str:
        """Where the API shows the row; the list where there are several."""
        path = f"/api/v1/{NOUNS[self.noun][1]}"
        return f"{path}/{self.row_id}" if self.row_id is not None and self.row_id == self.row_last else path


def events_of(entries: Sequence[Mapping[str, Any]]) -> Iterator[Event]:
    """The events of one transaction's entries, each row's once: what hangs on a row is a change of that row."""
    told: set[tuple[str, int | None, int | None]] = set()
    later = []
    for entry in entries:
        noun = NOUN_OF.get(entry["noun"])
        if noun is None:
            later.append(entry)
            continue
        told.add((noun, entry["row_id"], entry["row_last"]))
        yield Event(
            f"{noun}.{PAST[entry['action']]}", noun, entry["row_id"], entry["row_last"], entry["id"], entry["at"]
        )
    for entry in later:
        noun = NOUN_OF.get(owner_of(entry["noun"]) or "")
        place = (noun or "", entry["owner_id"], entry["owner_last"])
        if noun is None or entry["owner_id"] is None or _is_within(place, told):
            continue
        told.add(place)
        yield Event(f"{noun}.changed", noun, entry["owner_id"], entry["owner_last"], entry["id"], entry["at"])


def _is_within(place: tuple[str, int | None, int | None], told: set[tuple[str, int | None, int | None]]) -> bool:
    """Whether rows are told of already, by themselves or among neighbours."""
    noun, first, last = place
    if place in told:
        return True
    return any(n == noun and (a or 0) <= (first or 0) and (last or 0) <= (b or 0) for n, a, b in told)
