"""What work took, by sheet: entries for role needs, and finished work that is known from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import access
from planner.models import ActualEffort, FinishedWork, Phase, Project, RoleNeed, User
from planner.schemas.outcomes_effort import EffortSaid, FinishedSaid
from planner.schemas.sheets_rows import EffortRowSaid
from planner.services.outcomes import efforts
from planner.services.refused import Refused
from planner.services.sheets.columns import Column, Reading
from planner.services.sheets.kinds.absences import FROM, TO
from planner.services.sheets.kinds.kind import Item, Present
from planner.services.sheets.kinds.pairs import OfPair
from planner.services.sheets.world import World


class Efforts(OfPair):
    """Work that was done for role needs. A row is known by its id, or by need, person and first day."""

    name, en, fr = "efforts", "Actual effort", "Charge réelle"
    noun, action, see = "effort", "effort.import", "effort.see"
    model, schema = ActualEffort, EffortRowSaid
    pair = ("need_id", "person_id", "from_on")
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        Column("need_id", "Project: phase: role", "Projet : phase : rôle", Reading.REFERENCE, refers="need",
               is_needed=True, aliases=("role need", "besoin", "role", "rôle", "need", "besoin de rôle", "task"),
               sample=("Website relaunch: Design: Designer",) * 2),
        Column("person_id", "Person", "Personne", Reading.REFERENCE, refers="person", aliases=("name", "nom",
               "employee", "e-mail", "email", "collaborateur"), sample=("anna.martin@example.com", "")),
        Column("from_on", "First day", "Premier jour", Reading.DAY, aliases=(*FROM, "day", "jour", "week", "semaine"),
               sample=("2026-09-07", "2026-09-07"), is_needed=True),
        Column("to_on", "Last day", "Dernier jour", Reading.DAY, aliases=TO, sample=("2026-09-11", "2026-10-02"),
               is_needed=True),
        Column("hours", "Hours", "Heures", Reading.SCORE, aliases=("hours worked", "heures travaillées", "time",
               "temps", "actual hours"), sample=(31.5, "")),
        Column("fte_pct", "Effort (%)", "Charge (%)", Reading.PERCENT, aliases=("fte", "effort", "charge", "etp"),
               sample=("", 50)),
        Column("note", "Note", "Note", aliases=("comment", "commentaire", "description")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """Every entry, with the PM of its project as its owner."""
        names = list(EffortRowSaid.model_fields)
        columns = [getattr(ActualEffort, name) for name in names]
        rows = (
            select(ActualEffort.id, ActualEffort.version, RoleNeed.title, Project.pm_id, *columns)
            .join(RoleNeed, RoleNeed.id == ActualEffort.need_id)
            .join(Phase, Phase.id == RoleNeed.phase_id)
            .join(Project, Project.id == Phase.project_id)
        )
        found = {}
        for ident, version, title, pm_id, *values in world.session.execute(rows):
            said = dict(zip(names, values, strict=True))
            found[ident] = Present(ident, version, title, said, str(ident), pm_id)
        return found

    def payload(self, world: World, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Hours that a sheet says take the place of a percentage, and the other way round."""
        said = super().payload(world, present, cells)
        for name, other in (("hours", "fte_pct"), ("fte_pct", "hours")):
            if cells.get(name) is not None and cells.get(other) is None:
                said.pop(other, None)
        return said

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use; an entry stays with its need."""
        said = EffortSaid.model_validate({name: getattr(item.said, name) for name in EffortSaid.model_fields})
        need = session.get_one(RoleNeed, item.said.need_id)
        if not access.allowed(by, "effort.add", need):
            raise Refused("not_your_project", field="need_id")
        if item.present is None:
            return efforts.add_effort(session, need, said)
        effort = session.get_one(ActualEffort, item.id)
        if effort.need_id != need.id:
            raise Refused("effort_stays_with_need", field="need_id")
        return efforts.edit_effort(session, effort, said, item.present.version)


class Finished(OfPair):
    """Work that is over. A row is known by its id, or by role, project and last day."""

    name, en, fr = "finished", "Finished work", "Travail terminé"
    noun, action, see = "effort", "effort.import_finished", "effort.see"
    model, schema = FinishedWork, FinishedSaid
    pair = ("role", "project", "ended_on")
    is_rehearsed = False
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        Column("role", "Role", "Rôle", aliases=("position", "poste", "function", "fonction", "title"),
               sample=("Copywriter", "Developer"), is_needed=True),
        Column("project", "Project", "Projet", aliases=("project name", "mission", "nom du projet", "engagement"),
               sample=("Spring campaign", "Website relaunch")),
        Column("kind", "Kind of project", "Type de projet", aliases=("kind", "type", "project type", "project kind"),
               sample=("campaign", "website")),
        Column("planned_periods", "Planned (full-time periods)", "Prévu (périodes à temps plein)", Reading.SCORE,
               aliases=("planned", "estimate", "prévu", "budgeted", "plan", "person-weeks planned"),
               sample=(10, 12), is_needed=True),
        Column("actual_periods", "Actual (full-time periods)", "Réel (périodes à temps plein)", Reading.SCORE,
               aliases=("actual", "réel", "spent", "took", "réalisé", "person-weeks"), sample=(12.5, 13),
               is_needed=True),
        Column("ended_on", "Ended on", "Terminé le", Reading.DAY, aliases=("end", "ended", "fin", "date", "closed"),
               sample=("2026-06-26", "2026-09-18"), is_needed=True),
        Column("note", "Note", "Note", aliases=("comment", "commentaire")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """All of it."""
        found = {}
        for row in world.session.scalars(select(FinishedWork)):
            said = {name: getattr(row, name) for name in FinishedSaid.model_fields}
            found[row.id] = Present(row.id, row.version, row.role, said, str(row.id))
        return found

    def may_add(self, by: User, said: Any) -> bool:
        return access.reaches_any(by, self.action)

    def may_edit(self, by: User, present: Present) -> bool:
        return access.reaches_any(by, self.action)

    def may_remove(self, by: User, present: Present) -> bool:
        return access.reaches_any(by, self.action)

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the API uses."""
        if item.present is None:
            return efforts.add_finished(session, item.said)
        return efforts.edit_finished(session, session.get_one(FinishedWork, item.id), item.said, item.present.version)
