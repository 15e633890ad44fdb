"""What a sheet's cells may refer to: people, projects, skills, … by key, name or address; loaded when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    Metric,
    Person,
    Phase,
    Project,
    Requisition,
    RoleName,
    RoleNeed,
    Site,
    Skill,
    User,
    UserRole,
    Workspace,
    WorkStyle,
    fold,
)
from planner.services.sheets.columns import Column, Unreadable
from planner.services.staffing.projects import workspace_of

Names = tuple[int, str, list[str]]  # id, how a sheet names it, and how else it may be called


@dataclass
class Index:
    """Rows by what they may be called; a name that several bear finds them all."""

    names: dict[int, str] = field(default_factory=dict)
    by: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Names]) -> Index:
        index = cls()
        for ident, name, others in rows:
            index.names[ident] = name
            for text in {fold(one) for one in (name, *others) if one}:
                index.by.setdefault(text, []).append(ident)
        return index

    def one(self, text: str) -> int:
        """The row that a text names. Raises Unreadable where that is none, or more than one."""
        found = self.by.get(fold(text), ())
        if not found and text.endswith("]"):  # a name with its key behind it: Ann Lee [p12]
            found = self.by.get(fold(text[text.rfind("[") + 1 : -1]), ())
        if not found:
            raise Unreadable("name_not_known", text=text)
        if len(found) > 1:
            raise Unreadable("name_of_several", text=text, num=len(found))
        return found[0]

    def name(self, ident: int | None) -> str:
        """How a row is named, so that `one` finds it again."""
        if ident is None:
            return ""
        name = self.names.get(ident, f"#{ident}")
        others = self.by.get(fold(name), ())
        return name if len(others) < 2 else f"{name} [{self.key(ident)}]"

    def key(self, ident: int) -> str:
        """The shortest text that names one row alone."""
        alone = [text for text, found in self.by.items() if found == [ident]]
        return min(alone, key=len, default=f"#{ident}")


class World:
    """What the sheet of one kind is read against: the workspace, the reader's language, and whatever is referred to."""

    def __init__(self, session: Session, language: str) -> None:
        self.session = session
        self.language = language
        self.workspace: Workspace = workspace_of(session)
        self.columns: dict[str, dict[str, Column]] = {}  # of each kind, once they were asked for
        self.kept: dict[str, Any] = {}  # what a kind has looked up and needs again
        self._indices: dict[str, Index] = {}

    def index(self, name: str) -> Index:
        """The rows of a kind, by what they may be called."""
        if name not in self._indices:
            self._indices[name] = Index.of(LOADERS[name](self.session, self.language))
        return self._indices[name]


def _sites(session: Session, _language: str) -> Iterator[Names]:
    for ident, name in session.execute(select(Site.id, Site.name)):
        yield ident, name, []


def _skills(session: Session, language: str) -> Iterator[Names]:
    columns = (Skill.id, Skill.key, Skill.name, Skill.name_fr, Skill.aliases)
    for ident, key, name, name_fr, aliases in session.execute(select(*columns)):
        yield ident, (name_fr if language == "fr" else "") or name, [key, name, name_fr, *aliases]


def _styles(session: Session, language: str) -> Iterator[Names]:
    columns = (WorkStyle.id, WorkStyle.key, WorkStyle.name, WorkStyle.name_fr)
    for ident, key, name, name_fr in session.execute(select(*columns).where(WorkStyle.is_on)):
        yield ident, (name_fr if language == "fr" else "") or name, [key, name, name_fr]


def _people(session: Session, _language: str) -> Iterator[Names]:
    for ident, key, name, email in session.execute(select(Person.id, Person.key, Person.name, Person.email)):
        yield ident, name, [key, email]


def _projects(session: Session, _language: str) -> Iterator[Names]:
    for ident, key, name in session.execute(select(Project.id, Project.key, Project.name)):
        yield ident, name, [key]


def _phases(session: Session, _language: str) -> Iterator[Names]:
    """Phases by their own name, by project and phase, and by key."""
    statement = select(Phase.id, Phase.key, Phase.name, Project.name).join(Project)
    for ident, key, name, project in session.execute(statement):
        yield ident, f"{project}: {name}", [key, name]


def _needs(session: Session, _language: str) -> Iterator[Names]:
    """Role needs by project, phase and title, by phase and title, and by title alone where that is one's own."""
    statement = select(RoleNeed.id, RoleNeed.title, Phase.name, Project.name).join(RoleNeed.phase).join(Phase.project)
    for ident, title, phase, project in session.execute(statement):
        yield ident, f"{project}: {phase}: {title}", [f"need {ident}", f"{project}: {title}", title]


def _managers(session: Session, _language: str) -> Iterator[Names]:
    holders = select(UserRole.user_id).where(UserRole.role == RoleName.PROJECT_MANAGER)
    for ident, name, email in session.execute(select(User.id, User.name, User.email).where(User.id.in_(holders))):
        yield ident, name, [email]


def _requisitions(session: Session, _language: str) -> Iterator[Names]:
    for ident, number, title in session.execute(select(Requisition.id, Requisition.number, Requisition.title)):
        yield ident, str(number), [f"{number} {title}", f"{number} · {title}"]


def _candidates(session: Session, _language: str) -> Iterator[Names]:
    statement = select(Candidate.id, Person.key, Person.name, Person.email).join(
        Person, Person.id == Candidate.person_id
    )
    for ident, key, name, email in session.execute(statement):
        yield ident, name, [key, email]


def _metrics(session: Session, _language: str) -> Iterator[Names]:
    """Metrics by what they are measured of and their name, and by their name alone where that is enough."""
    statement = select(Metric.id, Metric.name, Project.name, Phase.name).join(Metric.project).outerjoin(Metric.phase)
    for ident, name, project, phase in session.execute(statement):
        yield ident, ": ".join(part for part in (project, phase, name) if part), [name, f"{project}: {name}"]


LOADERS: dict[str, Callable[[Session, str], Iterator[Names]]] = {
    "site": _sites,
    "skill": _skills,
    "style": _styles,
    "person": _people,
    "project": _projects,
    "phase": _phases,
    "need": _needs,
    "manager": _managers,
    "requisition": _requisitions,
    "candidate": _candidates,
    "metric": _metrics,
}
