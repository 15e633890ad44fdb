"""The kinds of records at which people talk: one line each. People are no subject: nobody is talked about as such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from planner import access
from planner.models import (
    Alert,
    Candidate,
    Feedback,
    Idea,
    Objective,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Seat,
    Task,
    User,
    WorkStyle,
)


class Kind(NamedTuple):
    """What a kind is called (in references and addresses), its table, and where its rows stand in addresses."""

    name: str
    model: type
    path: str

    @property
    def see(self) -> str:
        """What somebody must be allowed to read along."""
        return f"{access.TALKED_ABOUT[self.model]}.see"

    @property
    def comment(self) -> str:
        """What somebody must be allowed to say something."""
        return f"{access.TALKED_ABOUT[self.model]}.comment"


KINDS = (
    Kind("project", Project, "projects"),
    Kind("phase", Phase, "phases"),
    Kind("need", RoleNeed, "needs"),
    Kind("seat", Seat, "seats"),
    Kind("plan", Plan, "plans"),
    Kind("style", WorkStyle, "styles"),
    Kind("requisition", Requisition, "requisitions"),
    Kind("candidate", Candidate, "candidates"),
    Kind("task", Task, "tasks"),
    Kind("feedback", Feedback, "feedback"),
    Kind("idea", Idea, "ideas"),
    Kind("objective", Objective, "objectives"),
    Kind("alert", Alert, "alerts"),
)
KIND_OF: Mapping[type, Kind] = {kind.model: kind for kind in KINDS}


def kind_of(row: Any) -> Kind:
    """The kind of a record. Raises KeyError where nobody talks about such."""
    return KIND_OF[type(row)]


def reference(row: Any) -> dict[str, int]:
    """The reference to a record, as a comment and the like keep it."""
    return {f"{kind_of(row).name}_id": row.id}


def subject(row: Any) -> str:
    """A record by kind and number, in one text."""
    return f"{kind_of(row).name}/{row.id}"


def may_see(user: User, row: Any) -> bool:
    """Whether a user may read what is said about a record: whoever may see it, as long as they may log in."""
    return user.active and access.allowed(user, kind_of(row).see, row)
