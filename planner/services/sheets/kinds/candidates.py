"""Candidates by sheet: the person that they are, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Candidate, Person, User
from planner.schemas.hiring_candidates import CandidateSaid
from planner.services.hiring import candidates as verbs
from planner.services.sheets.columns import Column, Reading
from planner.services.sheets.kinds.kind import Item, Present
from planner.services.sheets.kinds.people import ABOUT_HIRE, ABOUT_PERSON, ID, PersonLike, plain_value, present_people
from planner.services.sheets.world import World

STAGE_WORDS = {
    "new": ("new", "nouveau", "applied", "nouvelle"),
    "screening": ("screening", "présélection", "screen", "phone screen"),
    "interview": ("interview", "entretien"),
    "offer": ("offer", "offre", "proposition"),
    "hired": ("hired", "embauché", "embauchée"),
    "declined": ("declined", "refusé", "rejected", "refusée", "rejeté"),
    "withdrawn": ("withdrawn", "désisté", "retiré", "désistée"),
}
OWN = ("requisition_id", "stage", "applied_on", "source", "note", "next_step")


class Candidates(PersonLike):
    """Candidates. Nobody is hired, or declined, by a sheet: that takes a reason, and two people."""

    name, en, fr = "candidates", "Candidates", "Candidats"
    noun, action, see = "candidate", "candidate.import", "candidate.see"
    model, schema = Candidate, CandidateSaid
    columns = (
        ID,
        *ABOUT_PERSON[:2],
        Column("requisition_id", "Requisition", "Demande de recrutement", Reading.REFERENCE, refers="requisition",
               aliases=("requisition number", "req", "job", "poste", "demande", "numéro de demande")),
        Column("stage", "Stage", "Étape", Reading.CHOICE, words=STAGE_WORDS, aliases=("status", "statut", "step"),
               sample=("new", "screening")),
        Column("applied_on", "Applied on", "Candidature du", Reading.DAY, aliases=("application date", "applied",
               "date de candidature"), sample=("2026-11-02", "2026-11-09")),
        Column("source", "Source", "Source", aliases=("channel", "canal", "origine"), sample=("Referral", "Website")),
        Column("note", "Note", "Note", aliases=("notes", "comment", "commentaire", "remarks")),
        Column("next_step", "Next step", "Prochaine étape", aliases=("next", "suite")),
        *ABOUT_PERSON[2:],
        *ABOUT_HIRE,
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """Every candidate with the person that they are; the key is the person's."""
        people = present_people(world.session, Person.id.in_(select(Candidate.person_id)))
        found = {}
        columns = [Candidate.id, Candidate.version, Candidate.person_id, *(getattr(Candidate, name) for name in OWN)]
        for ident, version, person_id, *values in world.session.execute(select(*columns)):
            person = people[person_id]
            said = {n: v for n, v in person.said.items() if n != "kind"} | dict(zip(OWN, values, strict=True))
            found[ident] = Present(ident, version, person.title, said, person.key)
        return found

    def value(self, present: Present, column: Column) -> Any:
        return plain_value(present.said[column.name]) if column.name in OWN else super().value(present, column)

    def settled(self, world: World, said: Any, cells: Mapping[str, Any]) -> dict[str, Any]:
        return super().settled(world, said, cells)

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verbs that the pages use."""
        if item.present is None:
            candidate = verbs.add_candidate(session, item.said, by=by)
            session.flush()
            person = candidate.person
            item.made = [("candidate", candidate.id, candidate.version), ("person", person.id, person.version)]
            return candidate
        candidate = session.get_one(Candidate, item.id)
        return verbs.edit_candidate(session, candidate, item.said, item.present.version, by=by)
