"""What a report is about: a project, or a client, and a stretch of time; read from a URL, kept by a schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from planner.models import Project, Workspace, today
from planner.services.staffing.calendars import midnight

USUAL_BACK, USUAL_AHEAD = timedelta(days=91), timedelta(days=182)
LONGEST = timedelta(days=3 * 366)
FIRST, LAST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Wanted:
    """The days from `from_on` to `to_on`, both in; nothing said of a project or a client means all."""

    from_on: date
    to_on: date
    project_id: int | None = None
    client: str = ""

    @classmethod
    def usual(cls) -> Wanted:
        """A quarter back and half a year ahead."""
        return cls(today() - USUAL_BACK, today() + USUAL_AHEAD)

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Wanted:
        """From a URL's arguments; what is not understood is taken as not said."""
        usual = cls.usual()
        begin = _day(args.get("from", "")) or usual.from_on
        end = _day(args.get("to", "")) or max(usual.to_on, begin)
        if end < begin:
            begin, end = end, begin
        project = args.get("project", "")
        is_number = project.isascii() and project.isdecimal() and len(project) < 10
        client = args.get("client", "").replace("\0", "").strip()[:200]
        return cls(begin, min(end, begin + LONGEST), int(project) if is_number else None, client)

    @property
    def arguments(self) -> dict[str, Any]:
        """The same as a URL says it."""
        said: dict[str, Any] = {"from": self.from_on.isoformat(), "to": self.to_on.isoformat()}
        if self.project_id is not None:
            said["project"] = self.project_id
        return said | ({"client": self.client} if self.client else {})

    def periods(self, workspace: Workspace) -> tuple[int, int]:
        """The periods of the workspace's calendar that it touches, [from, to); at least one."""
        first = workspace.idx_of(midnight(self.from_on))
        last = workspace.idx_of(midnight(self.to_on)) + 1
        first = max(0, first)
        return first, max(first + 1, last)

    def takes(self, project_id: int, client: str) -> bool:
        """Whether a project belongs to it."""
        return self.project_id in (None, project_id) and self.client in ("", client)

    def takes_part_of(self, project: Project | None) -> bool:
        """Whether what is a project's belongs to it; what is the department's, where nothing narrower is wanted."""
        if project is None:
            return self.is_of_all
        return self.takes(project.id, project.client)

    @property
    def is_of_all(self) -> bool:
        """Whether it is about the whole department."""
        return self.project_id is None and not self.client

    def project_ids(self) -> Select[Any]:
        """The ids of the projects that belong to it."""
        found = select(Project.id)
        if self.project_id is not None:
            found = found.where(Project.id == self.project_id)
        return found.where(Project.client == self.client) if self.client else found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
