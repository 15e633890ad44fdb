"""Projects by sheet, a row for each of their phases; and role needs, each in a phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner import access
from planner.models import Phase, Project, RoleNeed, User, fold
from planner.schemas.sheets_rows import NeedRowSaid, ProjectRowSaid
from planner.schemas.staffing_needs import NeedSaid, NeedSkillSaid, NeedStyleSaid
from planner.schemas.staffing_projects import PhaseSaid, ProjectSaid
from planner.services.refused import Refused
from planner.services.sheets.columns import NEW, Column, Fault, Reading
from planner.services.sheets.kinds.kind import Item, Kind, Matcher, Present, Unmatched
from planner.services.sheets.kinds.people import plain_value
from planner.services.sheets.world import World
from planner.services.staffing import needs, phases, projects

OF_PROJECT = tuple(ProjectSaid.model_fields)
OF_PHASE = tuple(PhaseSaid.model_fields)
PHASE = "phase."


class Projects(Kind):
    """Projects with their phases. The id of a row is its phase's, or the project's where it has none."""

    name, en, fr = "projects", "Projects and phases", "Projets et phases"
    noun, action, see = "project", "project.import", "project.see"
    model, schema = Project, ProjectRowSaid
    columns = (
        Column("id", "Id", "Id", Reading.ID, aliases=("key", "project id", "phase id", "code", "identifiant")),
        Column("name", "Project", "Projet", aliases=("name", "project name", "nom", "nom du projet", "mission"),
               sample=("Website relaunch",) * 2, is_needed=True),
        Column("client", "Client", "Client", aliases=("customer", "account", "compte"), sample=("Acme",) * 2),
        Column("objective", "Objective", "Objectif", aliases=("goal", "description", "but")),
        Column("kind", "Kind of project", "Type de projet", aliases=("kind", "type", "project type", "project kind",
               "catégorie")),
        Column("pm_id", "Project manager", "Chef de projet", Reading.REFERENCE, refers="manager", aliases=("pm",
               "manager", "owner", "responsable", "lead", "chef de projet (e-mail)")),
        Column("priority", "Priority (1 to 5)", "Priorité (1 à 5)", Reading.WHOLE, aliases=("priority", "priorité"),
               sample=(3, 3)),
        Column("budget_minor", "Budget", "Budget", Reading.MONEY, aliases=("amount", "montant"), sample=(50000, 50000)),
        Column("reward", "Reward (points)", "Récompense (points)", Reading.WHOLE, aliases=("reward", "récompense")),
        Column("due_on", "Due", "Échéance", Reading.MOMENT, aliases=("due date", "deadline", "date limite",
               "livraison")),
        Column("late_penalty", "Points lost a period late", "Points perdus par période de retard", Reading.WHOLE,
               aliases=("late penalty", "pénalité de retard")),
        Column("is_all_or_nothing", "All or nothing", "Tout ou rien", Reading.YES_NO),
        Column("phase.name", "Phase", "Phase", aliases=("phase name", "stage", "étape", "nom de la phase"),
               sample=("Design", "Build")),
        Column("phase.duration", "Duration (periods)", "Durée (périodes)", Reading.WHOLE, aliases=("duration", "durée",
               "weeks", "semaines", "length"), sample=(6, 10)),
        Column("phase.earliest_on", "Earliest start", "Début au plus tôt", Reading.MOMENT, aliases=("start",
               "start date", "début", "date de début"), sample=("2027-01-04", "2027-02-15")),
        Column("phase.latest_on", "Latest start", "Début au plus tard", Reading.MOMENT, aliases=("latest",)),
        Column("phase.after_ids", "After", "Après", Reading.REFERENCES, refers="phase", aliases=("predecessors",
               "depends on", "prédécesseurs", "dépend de")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """Every phase with its project, and every project; a project's number is negative, so that no two are one."""
        found: dict[int, Present] = {}
        for project in world.session.scalars(select(Project)):
            said = {name: getattr(project, name) for name in OF_PROJECT} | {"phase": None}
            found[-project.id] = Present(-project.id, project.version, project.name, said, project.key, project.pm_id)
        rows = select(Phase).options(selectinload(Phase.after)).order_by(Phase.position, Phase.id)
        for phase in world.session.scalars(rows):
            above = found[-phase.project_id]
            own = {name: getattr(phase, name) for name in OF_PHASE if name != "after_ids"}
            said = above.said | {"phase": own | {"after_ids": [row.before_id for row in phase.after]}}
            title = f"{above.title}: {phase.name}"
            found[phase.id] = Present(phase.id, above.version * 1000 + phase.version, title, said, phase.key,
                                      above.owner_id)  # fmt: skip
        return found

    def value(self, present: Present, column: Column) -> Any:
        """What is said of the project, or of the phase."""
        if column.name == "id":
            return present.key
        if column.name.startswith(PHASE):
            return plain_value((present.said["phase"] or {}).get(column.name.removeprefix(PHASE)))
        return plain_value(present.said.get(column.name))

    def matcher(self, world: World, present: Mapping[int, Present]) -> Any:
        return OfProjects(present)

    def payload(self, world: World, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The project's own fields, and those of the phase below them, if there is one."""
        base = present or self._project_of(world, cells)
        said = {name: value for name, value in (base.said if base else {}).items() if name != "phase"}
        said |= {name: value for name, value in cells.items() if not name.startswith(PHASE) and name != "id"}
        held = (present.said["phase"] if present else None) or {}
        phase = held | {n.removeprefix(PHASE): v for n, v in cells.items() if n.startswith(PHASE)}
        if any(value not in (None, "", []) for value in phase.values()):
            said["phase"] = {name: value for name, value in phase.items() if value is not None}
        return {name: value for name, value in said.items() if value is not None}

    def settled(self, world: World, said: Any, cells: Mapping[str, Any]) -> dict[str, Any]:
        """As the rows will hold it: moments are starts of periods, and a phase without a latest start is fixed."""
        found = super().settled(world, said, {n: v for n, v in cells.items() if not n.startswith(PHASE)})
        if found.get("due_on"):
            found["due_on"] = plain_value(projects.snapped(world.workspace, said.due_on))
        for name in (n for n in cells if n.startswith(PHASE)):
            value = getattr(said.phase, name.removeprefix(PHASE), None) if said.phase else None
            if name in (f"{PHASE}earliest_on", f"{PHASE}latest_on") and value is not None:
                value = projects.snapped(world.workspace, value)
            found[name] = plain_value(value)
        return found

    def column_at(self, place: Any, said: Any, cells: Mapping[str, Any]) -> str:
        """Of a phase the column that begins with it."""
        parts = [part for part in place if not isinstance(part, int)]
        if parts[:1] == ["phase"]:
            return ".".join(str(part) for part in parts[:2]) if len(parts) > 1 else "phase.name"
        return super().column_at(place, said, cells)

    def identity(self, world: World, cells: Mapping[str, Any]) -> str:
        return fold(f"{cells.get('name') or ''}\n{cells.get('phase.name') or ''}")

    def across(self, world: World, items: Sequence[Item]) -> Iterator[tuple[int, Fault]]:
        """Rows of one project say the same of it."""
        first: dict[str, Item] = {}
        for item in items:
            other = first.setdefault(fold(item.said.name), item)
            for name in OF_PROJECT:
                if getattr(item.said, name) != getattr(other.said, name) and (
                    name in item.cells or name in other.cells
                ):
                    yield item.number, Fault(name, "project_said_otherwise", {"row": other.number})
                    break

    def may_edit(self, by: User, present: Present) -> bool:
        """A phase is an edit of the project's needs; both reach as far."""
        return super().may_edit(by, present)

    def may_remove(self, by: User, present: Present) -> bool:
        """A row that is a phase goes as a phase; a project only as one."""
        return self._may(by, "remove", present)

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """The project by its verb where something of it changes, then the phase by its own."""
        item.made = []
        project = self._put_project(session, world, item)
        row: Any = project
        if item.said.phase is not None:
            row = self._put_phase(session, project, item, by)
        return row

    def fault_of(self, refused: Refused, item: Item) -> Fault:
        """What the verb of a phase refuses is about a phase."""
        fault = super().fault_of(refused, item)
        field = refused.field or ""
        return Fault(f"{PHASE}{field}", fault.code, fault.params) if field in OF_PHASE[1:] else fault

    def _put_project(self, session: Session, world: World, item: Item) -> Project:
        said = ProjectSaid.model_validate({name: getattr(item.said, name) for name in OF_PROJECT})
        project = self._row(session, item)
        if project is None:
            project = projects.add_project(session, said)
            item.made.append(("project", project.id, 1))
            return project
        held = {name: getattr(project, name) for name in OF_PROJECT}
        wanted = said.model_dump() | {"due_on": projects.snapped(world.workspace, said.due_on)}
        if wanted != held:
            projects.edit_project(session, project, said, project.version)
            session.flush()
        return project

    def _row(self, session: Session, item: Item) -> Project | None:
        """The project that is there, or that an earlier row of the same sheet has added."""
        if item.present is not None and item.id < 0:
            return session.get_one(Project, -item.id)
        if item.present is not None:
            return session.get_one(Phase, item.id).project
        found = session.scalars(select(Project).where(Project.name == item.said.name)).all()
        return found[0] if len(found) == 1 else None

    def _put_phase(self, session: Session, project: Project, item: Item, by: User) -> Phase:
        if not access.allowed(by, "need.edit", project):
            raise Refused("not_your_project", field="name")
        if item.present is not None and item.id > 0:
            phase = session.get_one(Phase, item.id)
            return phases.edit_phase(session, phase, item.said.phase, phase.version)
        phase = phases.add_phase(session, project, item.said.phase)
        item.made.append(("phase", phase.id, 1))
        return phase

    def _project_of(self, world: World, cells: Mapping[str, Any]) -> Present | None:
        """The project to which a new phase is added."""
        if "projects:present" not in world.kept:
            world.kept["projects:present"] = {fold(r.title): r for i, r in self.present(world).items() if i < 0}
        found: Present | None = world.kept["projects:present"].get(fold(str(cells.get("name") or "")))
        return found

    def write(self, session: Session, world: World, items: Sequence[Item], by: User) -> None:
        """One after the other: a phase may be the second of a project that the first row adds."""
        for item in items:
            row = self.put(session, world, item, by)
            session.flush()
            item.id = row.id if isinstance(row, Phase) else -row.id
        for item in items:
            row = session.get_one(Phase, item.id) if item.id > 0 else session.get_one(Project, -item.id)
            above = row.project.version * 1000 if isinstance(row, Phase) else 0
            item.version = above + row.version
            session.flush()
        for item in items:
            item.made = [(name, ident, _version(session, name, ident)) for name, ident, _was in item.made]


def _version(session: Session, name: str, ident: int) -> int:
    row: Any = session.get_one(Project if name == "project" else Phase, ident)
    version: int = row.version
    return version


class OfProjects:
    """A row with an id is that phase, or that project; else it is known by project and phase."""

    def __init__(self, present: Mapping[int, Present]) -> None:
        self.by_key = {fold(row.key): ident for ident, row in present.items()}
        self.by_name: dict[tuple[str, str], list[int]] = {}
        for ident, row in present.items():
            phase = (row.said["phase"] or {}).get("name", "")
            self.by_name.setdefault((fold(row.said["name"]), fold(phase)), []).append(ident)

    def find(self, cells: Mapping[str, Any]) -> int | None:
        """The id of the row that is there; None for a new one. Raises Unmatched."""
        said = fold(str(cells.get("id") or ""))
        if said in NEW:
            return None
        if said and said not in self.by_key:
            raise Unmatched("id", "id_not_known", text=said)
        if said:
            return self.by_key[said]
        found = self.by_name.get((fold(str(cells.get("name") or "")), fold(str(cells.get("phase.name") or ""))), [])
        if len(found) > 1:
            raise Unmatched("name", "row_matches_several", num=len(found))
        return found[0] if found else None


class Needs(Kind):
    """Role needs: what is asked for, in which phase; skills in one cell, must-haves and nice-to-haves apart."""

    name, en, fr = "needs", "Role needs", "Besoins de rôle"
    noun, action, see = "need", "need.import", "need.see"
    model, schema = RoleNeed, NeedRowSaid
    columns = (
        Column("id", "Id", "Id", Reading.ID, aliases=("need id", "key", "identifiant")),
        Column("phase_id", "Project: phase", "Projet : phase", Reading.REFERENCE, refers="phase", aliases=("phase",
               "project phase", "projet phase"), sample=("Website relaunch: Design",) * 2, is_needed=True),
        Column("title", "Role", "Rôle", aliases=("title", "position", "poste", "role need", "besoin", "intitulé"),
               sample=("Designer", "Developer"), is_needed=True),
        Column("count", "Number", "Nombre", Reading.WHOLE, aliases=("count", "headcount", "seats", "how many",
               "combien", "places"), sample=(1, 2)),
        Column("fte_pct", "Effort (%)", "Charge (%)", Reading.PERCENT, aliases=("effort", "fte", "charge", "etp",
               "workload"), sample=(100, 50)),
        Column("from_offset", "From period", "De la période", Reading.WHOLE, aliases=("from", "start offset")),
        Column("to_offset", "To period", "À la période", Reading.WHOLE, aliases=("to", "end offset")),
        Column("must_skills", "Must-have skills", "Compétences exigées", Reading.LEVELS, aliases=("skills", "must",
               "required skills", "compétences", "compétences requises"), names="skills"),
        Column("nice_skills", "Nice-to-have skills", "Compétences souhaitées", Reading.LEVELS, aliases=("nice to have",
               "preferred skills", "souhaité"), names="skills"),
        Column("tags", "Tags", "Étiquettes", Reading.LIST, aliases=("must tags", "labels")),
        Column("max_cost_minor", "Highest cost per period", "Coût maximal par période", Reading.MONEY,
               aliases=("max cost", "max rate", "coût maximal", "budget")),
        Column("is_mentoring_allowed", "May be mentored", "Tutorat possible", Reading.YES_NO, aliases=("mentoring",
               "tutorat")),
        Column("is_hire_allowed", "May be hired for", "Embauche possible", Reading.YES_NO, aliases=("hiring",
               "embauche")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """Every role need, with the PM of its project as its owner."""
        rows = select(RoleNeed, Project.pm_id).join(RoleNeed.phase).join(Phase.project).options(
            selectinload(RoleNeed.skills), selectinload(RoleNeed.styles))  # fmt: skip
        found = {}
        for need, pm_id in world.session.execute(rows):
            said = {name: getattr(need, name) for name in NeedRowSaid.model_fields if name not in ("skills", "styles")}
            said["skills"] = [_line(NeedSkillSaid, row) for row in need.skills]
            said["styles"] = [_line(NeedStyleSaid, row) for row in need.styles]
            found[need.id] = Present(need.id, need.version, need.title, said, str(need.id), pm_id)
        return found

    def value(self, present: Present, column: Column) -> Any:
        """Skills by whether they must be held."""
        if column.field == "skills":
            is_must = column.name == "must_skills"
            rows = sorted(present.said["skills"], key=lambda row: row["skill_id"])
            return {str(row["skill_id"]): row["level"] for row in rows if row["is_must"] is is_must}
        return present.key if column.name == "id" else plain_value(present.said.get(column.field))

    def payload(self, world: World, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The need as it is, with what the cells say; a skill that stays keeps its weight."""
        said = super().payload(world, present, {n: v for n, v in cells.items() if not n.endswith("_skills")})
        rows = {row["skill_id"]: row for row in said.get("skills", ())}
        for name, is_must in (("must_skills", True), ("nice_skills", False)):
            if name not in cells:
                continue
            wanted = {int(ident): level for ident, level in (cells[name] or {}).items()}
            rows = {i: row for i, row in rows.items() if row["is_must"] is not is_must or i in wanted}
            for ident, level in wanted.items():
                weight = rows.get(ident, {}).get("weight", 1)
                rows[ident] = {"skill_id": ident, "level": level, "is_must": is_must, "weight": weight}
        return said | {"skills": list(rows.values())}

    def matcher(self, world: World, present: Mapping[int, Present]) -> Any:
        return OfNeeds(Matcher(self, present, {}), present)

    def identity(self, world: World, cells: Mapping[str, Any]) -> str:
        return fold(f"{cells.get('phase_id')} {cells.get('title') or ''}")

    def column_at(self, place: Any, said: Any, cells: Mapping[str, Any]) -> str:
        """A skill stands in the cell of its like."""
        parts = list(place)
        if parts[:1] == ["skills"]:
            rows = said.get("skills", []) if isinstance(said, dict) else said.skills
            row = rows[parts[1]] if len(parts) > 1 and isinstance(parts[1], int) and parts[1] < len(rows) else {}
            is_must = row.get("is_must", True) if isinstance(row, dict) else row.is_must
            return "must_skills" if is_must else "nice_skills"
        return super().column_at(place, said, cells)

    def may_add(self, by: User, said: Any) -> bool:
        return access.allowed(by, "need.add")

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use; a need stays in its phase."""
        said = NeedSaid.model_validate({name: getattr(item.said, name) for name in NeedSaid.model_fields})
        phase = session.get_one(Phase, item.said.phase_id)
        if item.present is None:
            if not access.allowed(by, "need.add", phase):
                raise Refused("not_your_project", field="phase_id")
            return needs.add_need(session, phase, said)
        need = session.get_one(RoleNeed, item.id)
        if need.phase_id != phase.id:
            raise Refused("need_stays_in_phase", field="phase_id")
        return needs.edit_need(session, need, said, item.present.version)


class OfNeeds:
    """A need is known by its id, or by its phase and its title."""

    def __init__(self, by_id: Matcher, present: Mapping[int, Present]) -> None:
        self.by_id = by_id
        self.by_title: dict[tuple[int, str], list[int]] = {}
        for ident, row in present.items():
            self.by_title.setdefault((row.said["phase_id"], fold(row.said["title"])), []).append(ident)

    def find(self, cells: Mapping[str, Any]) -> int | None:
        """The id of the row that is there; None for a new one. Raises Unmatched."""
        if cells.get("id"):
            return self.by_id.find(cells)
        found = self.by_title.get((cells.get("phase_id") or 0, fold(str(cells.get("title") or ""))), [])
        if len(found) > 1:
            raise Unmatched("title", "row_matches_several", num=len(found))
        return found[0] if found else None


def _line(schema: Any, row: Any) -> dict[str, Any]:
    """A row of a list under the names of its schema."""
    return {name: getattr(row, name) for name in schema.model_fields}
