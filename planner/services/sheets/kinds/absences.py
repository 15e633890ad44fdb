"""Days away by sheet, and past work: rows that hang on a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Absence, PastAllocation, Person, User
from planner.schemas.sheets_rows import AbsenceRowSaid, PastAllocationSaid
from planner.schemas.staffing_people import AbsenceSaid
from planner.services.editing import fill, require_version
from planner.services.sheets.columns import Column, Fault, Reading
from planner.services.sheets.kinds.kind import Item, Present
from planner.services.sheets.kinds.pairs import OfPair
from planner.services.sheets.world import World
from planner.services.staffing import people

ABSENCE_WORDS = {
    "leave": ("leave", "congé", "congés", "vacation", "holiday", "vacances", "annual leave", "pto"),
    "training": ("training", "formation"),
    "other": ("away", "absence", "other", "autre", "sick", "maladie"),
}
PERSON = Column(
    "person_id", "Person", "Personne", Reading.REFERENCE, refers="person", is_needed=True,
    aliases=("name", "nom", "employee", "e-mail", "email", "collaborateur", "full name"),
    sample=("anna.martin@example.com", "benoit.leroy@example.com"),
)  # fmt: skip
FROM = ("start", "from", "begin", "début", "start date", "date de début", "du", "first day", "premier jour")
TO = ("end", "to", "until", "fin", "end date", "date de fin", "au", "last day", "dernier jour")


class OfPerson(OfPair):
    """Rows that hang on a person, recognised by their id, or by whose they are and when they begin."""

    def present(self, world: World) -> dict[int, Present]:
        """All of them, each called by its person."""
        table: Any = self.model
        names = list(self.schema.model_fields)
        columns = [table.id, table.version, Person.name, *(getattr(table, name) for name in names)]
        found = {}
        for ident, version, title, *values in world.session.execute(select(*columns).join(table.person)):
            said = dict(zip(names, values, strict=True))
            found[ident] = Present(ident, version, title, said, str(ident))
        return found

    def may_add(self, by: User, said: Any) -> bool:
        return self.may_edit(by, Present(0, 0, "", {}))

    def may_remove(self, by: User, present: Present) -> bool:
        return self.may_edit(by, present)


class Absences(OfPerson):
    """Days away."""

    name, en, fr = "absences", "Absences", "Absences"
    noun, action, see = "person", "person.import", "person.see"
    model, schema = Absence, AbsenceRowSaid
    pair = ("person_id", "from_on")
    is_rehearsed = False
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        PERSON,
        Column("from_on", "First day", "Premier jour", Reading.DAY, aliases=FROM, sample=("2027-07-05", "2027-08-02"),
               is_needed=True),
        Column("to_on", "Last day", "Dernier jour", Reading.DAY, aliases=TO, sample=("2027-07-16", "2027-08-20"),
               is_needed=True),
        Column("kind", "Kind", "Motif", Reading.CHOICE, words=ABSENCE_WORDS, aliases=("type", "reason", "raison",
               "absence type", "type d'absence"), sample=("leave", "training")),
    )  # fmt: skip

    def across(self, world: World, items: Sequence[Item]) -> Iterator[tuple[int, Fault]]:
        """Nobody is away twice on one day, as `add_absence` says too; looked at for all rows together."""
        spans: dict[int, list[tuple[Any, Any, int]]] = {}
        changed = {item.id for item in items if item.present is not None}
        for ident, row in self.present(world).items():
            if ident not in changed:
                spans.setdefault(row.said["person_id"], []).append((row.said["from_on"], row.said["to_on"], 0))
        for item in items:
            said = item.said
            own = spans.setdefault(said.person_id, [])
            if any(begin <= said.to_on and said.from_on <= end for begin, end, _number in own):
                name = world.index("person").names.get(said.person_id, "")
                yield item.number, Fault("from_on", "absence_overlaps", {"name": name})
            else:
                own.append((said.from_on, said.to_on, item.number))

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use."""
        said = AbsenceSaid.model_validate({name: getattr(item.said, name) for name in AbsenceSaid.model_fields})
        if item.present is None:
            return people.add_absence(session, session.get_one(Person, item.said.person_id), said)
        absence = session.get_one(Absence, item.id)
        require_version(absence, item.present.version)
        absence.person_id = item.said.person_id
        return people.edit_absence(session, absence, said, item.present.version)


class PastAllocations(OfPerson):
    """Who worked on what before: known from elsewhere."""

    name, en, fr = "allocations", "Past allocations", "Affectations passées"
    noun, action, see = "person", "person.import", "person.see"
    model, schema = PastAllocation, PastAllocationSaid
    pair = ("person_id", "project", "role", "from_on")
    is_rehearsed = False
    columns = (
        Column("id", "Id", "Id", Reading.ID),
        PERSON,
        Column("project", "Project", "Projet", aliases=("client", "mission", "project name", "nom du projet",
               "engagement"), sample=("Website relaunch", "CRM"), is_needed=True),
        Column("role", "Role", "Rôle", aliases=("position", "poste", "function", "fonction", "title"),
               sample=("Developer", "Analyst")),
        Column("from_on", "First day", "Premier jour", Reading.DAY, aliases=FROM, sample=("2026-01-05", "2026-03-02"),
               is_needed=True),
        Column("to_on", "Last day", "Dernier jour", Reading.DAY, aliases=TO, sample=("2026-06-26", "2026-05-29"),
               is_needed=True),
        Column("fte_pct", "Effort (%)", "Charge (%)", Reading.PERCENT, aliases=("fte", "effort", "allocation", "charge",
               "etp", "utilisation"), sample=(100, 50)),
    )  # fmt: skip

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """A row as it is said."""
        if item.present is None:
            row = fill(PastAllocation(), item.said)
            session.add(row)
            return row
        row = session.get_one(PastAllocation, item.id)
        require_version(row, item.present.version)
        return fill(row, item.said)
