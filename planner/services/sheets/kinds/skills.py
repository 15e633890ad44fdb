"""The catalogue of skills by sheet, and people's levels in them, one to a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Candidate, Person, PersonKind, PersonSkill, Skill, User, fold
from planner.schemas.sheets_rows import RatingRowSaid
from planner.schemas.staffing_people import PersonSaid, SkillRow
from planner.schemas.staffing_skills import SkillSaid
from planner.services.sheets.columns import Column, Fault, Reading
from planner.services.sheets.kinds.kind import Item, Kind, Present
from planner.services.sheets.kinds.pairs import Paired
from planner.services.sheets.kinds.people import plain_value, present_people
from planner.services.sheets.world import World
from planner.services.staffing import people, skills

SOURCE_WORDS = {
    "manager": ("manager", "responsable"),
    "peer": ("colleague", "collègue", "peer"),
    "interview": ("interview", "entretien"),
    "test": ("test or work sample", "test ou mise en situation", "test"),
    "certificate": ("certificate", "certificat", "certification"),
    "cv": ("CV", "CV", "resume"),
    "self": ("self-reported", "auto-évaluation", "self"),
    "import": ("imported", "importé", "import"),
}


class Skills(Kind):
    """The catalogue."""

    name, en, fr = "skills", "Skills", "Compétences"
    noun, action, see = "skill", "skill.import", "skill.see"
    model, schema = Skill, SkillSaid
    keys = ("id", "name")
    columns = (
        Column("id", "Id", "Id", Reading.ID, aliases=("key", "code", "identifiant")),
        Column("name", "Name", "Nom", aliases=("skill", "compétence", "title", "intitulé"), sample=("SEO", "SQL"),
               is_needed=True),
        Column("name_fr", "Name in French", "Nom en français", aliases=("french", "français", "french name"),
               sample=("Référencement", "SQL")),
        Column("category", "Category", "Catégorie", aliases=("group", "family", "famille", "domaine", "domain"),
               sample=("Marketing", "Data")),
        Column("aliases", "Other names", "Autres noms", Reading.LIST, aliases=("aliases", "synonyms", "synonymes",
               "alias"), sample=("search engine optimisation", "")),
    )  # fmt: skip

    def present(self, world: World) -> dict[int, Present]:
        """The catalogue as it is."""
        found = {}
        for row in world.session.scalars(select(Skill)):
            said = {name: getattr(row, name) for name in SkillSaid.model_fields}
            found[row.id] = Present(row.id, row.version, row.name, said, row.key)
        return found

    def finders(self, world: World, present: Mapping[int, Present]) -> dict[str, dict[str, list[int]]]:
        """A skill is known by its name in either language, and by any other that it has."""
        rows: dict[str, list[int]] = {}
        for ident, row in present.items():
            names = (row.said["name"], row.said["name_fr"], *row.said["aliases"])
            for text in {fold(name) for name in names if name}:
                rows.setdefault(text, []).append(ident)
        return {"name": rows}

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verb that the pages use."""
        if item.present is None:
            return skills.add_skill(session, item.said)
        return skills.edit_skill(session, session.get_one(Skill, item.id), item.said, item.present.version)


class Ratings(Kind):
    """People's levels: the row is a person's and a skill's; the person is what is edited."""

    name, en, fr = "ratings", "Skill levels, one to a row", "Niveaux, un par ligne"
    noun, action, see = "person", "person.import", "person.see"
    model, schema = PersonSkill, RatingRowSaid
    keys = ("id",)
    columns = (
        Column("person_id", "Person", "Personne", Reading.REFERENCE, refers="person", aliases=("name", "nom",
               "employee", "e-mail", "email", "collaborateur"), sample=("anna.martin@example.com",) * 2,
           is_needed=True),
        Column("skill_id", "Skill", "Compétence", Reading.REFERENCE, refers="skill", aliases=("skill name",
               "competence"), sample=("SEO", "SQL"), is_needed=True),
        Column("level", "Level", "Niveau", Reading.WHOLE, aliases=("rating", "score", "note", "proficiency"),
               sample=(4, 3), is_needed=True),
        Column("source", "Source", "Source", Reading.CHOICE, words=SOURCE_WORDS, aliases=("origin", "origine")),
        Column("rated_on", "Rated on", "Évalué le", Reading.DAY, aliases=("date", "rating date", "date d'évaluation")),
    )  # fmt: skip
    is_rehearsed = False

    def present(self, world: World) -> dict[int, Present]:
        """Every level that somebody has; its version is the person's."""
        self.people(world)
        columns: list[Any] = [PersonSkill.id, Person.version, Person.name, PersonSkill.person_id, PersonSkill.skill_id]
        more = [PersonSkill.level, PersonSkill.source, PersonSkill.rated_on]
        found = {}
        for ident, version, name, *values in world.session.execute(select(*columns, *more).join(PersonSkill.person)):
            said = dict(zip(("person_id", "skill_id", "level", "source", "rated_on"), values, strict=True))
            title = f"{name}: {world.index('skill').names.get(said['skill_id'], '')}"
            found[ident] = Present(ident, version, title, said, str(ident))
        return found

    def people(self, world: World) -> dict[int, Present]:
        """The people themselves, without candidates."""
        if "ratings:people" not in world.kept:
            candidates = select(Candidate.person_id).where(Candidate.person_kind == PersonKind.CANDIDATE)
            world.kept["ratings:people"] = present_people(world.session, Person.id.not_in(candidates))
        found: dict[int, Present] = world.kept["ratings:people"]
        return found

    def value(self, present: Present, column: Column) -> Any:
        return plain_value(present.said.get(column.field))

    def matcher(self, world: World, present: Mapping[int, Present]) -> Any:
        """A level is recognised by whose it is and in what."""
        return Paired(present, ("person_id", "skill_id"))

    def identity(self, world: World, cells: Mapping[str, Any]) -> str:
        return f"{cells.get('person_id')} {cells.get('skill_id')}"

    def judge(self, world: World, present: Present | None, said: Any, cells: Mapping[str, Any]) -> Iterator[Fault]:
        """Levels go as far as the scale does; candidates have their own table."""
        if said.level > world.workspace.level_max:
            yield Fault("level", "level_over_scale", {"most": world.workspace.level_max})
        if said.person_id not in self.people(world):
            name = world.index("person").names.get(said.person_id, "")
            yield Fault("person_id", "candidate_is_edited_apart", {"name": name})

    def may_add(self, by: User, said: Any) -> bool:
        """A level is an edit of its person."""
        return self.may_edit(by, Present(0, 0, "", {}))

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """Puts one level on its person."""
        self.write(session, world, [item], by)
        return session.get_one(Person, item.said.person_id)

    def write(self, session: Session, world: World, items: Sequence[Item], by: User) -> None:
        """Edits each person once, with all levels that the sheet says of them."""
        held = self.people(World(session, world.language))
        of_person: dict[int, list[Item]] = {}
        for item in items:
            of_person.setdefault(item.said.person_id, []).append(item)
        for ident, some in of_person.items():
            present = held[ident]
            rows = {row["skill_id"]: row for row in present.said["skills"]}
            for item in some:
                line = SkillRow.model_validate({n: getattr(item.said, n) for n in SkillRow.model_fields})
                rows[item.said.skill_id] = line.model_dump()
            said = {n: v for n, v in present.said.items() if v is not None} | {"skills": list(rows.values())}
            person = people.edit_person(
                session, session.get_one(Person, ident), PersonSaid.model_validate(said), present.version
            )
            for item in some:
                row = next(one for one in person.skills if one.skill_id == item.said.skill_id)
                item.id, item.version = row.id, person.version
                item.made = [("person_skill", row.id, row.level)] if item.present is None else []
