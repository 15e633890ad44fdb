"""People by sheet: who, what they can give and do, what they cost. Skills stand in columns, or together in one cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Absence,
    Candidate,
    CapacitySpan,
    Person,
    PersonKind,
    PersonSkill,
    PersonStyle,
    RatingSource,
    User,
    Wish,
)
from planner.schemas.staffing_people import PersonSaid
from planner.services.sheets.columns import Column, Fault, Reading
from planner.services.sheets.kinds.kind import Item, Kind, Present
from planner.services.sheets.kinds.people_writing import add_people, edit_people
from planner.services.sheets.world import World
from planner.services.staffing import people as verbs

KIND_WORDS = {
    "employee": ("employee", "salarié", "employé", "salariée", "employée", "staff", "permanent", "cdi"),
    "contractor": ("contractor", "indépendant", "freelance", "freelancer", "prestataire", "external", "externe"),
    "hypothetical": ("hypothetical", "hypothétique"),
}
ID = Column("id", "Id", "Id", Reading.ID, aliases=("key", "person id", "employee id", "matricule", "identifiant", "no"))
PLAIN = (
    "kind", "name", "email", "site_id", "languages", "tags", "cost_minor", "cost_currency", "hire_cost_minor",
    "earliest_on", "notice_periods", "ramp_up_periods", "ramp_up_pct", "acceptance_pct",
)  # fmt: skip
ABOUT_PERSON = (
    Column("name", "Name", "Nom", aliases=("full name", "person", "employee", "nom complet", "personne",
           "collaborateur", "display name", "prénom nom", "resource", "resource name"), sample=("Anna Martin",
           "Benoît Leroy"),
           is_needed=True),
    Column("email", "E-mail", "E-mail", aliases=("email", "email address", "mail", "courriel", "adresse e-mail",
           "work email", "adresse mail"), sample=("anna.martin@example.com", "benoit.leroy@example.com")),
    Column("site_id", "Site", "Site", Reading.REFERENCE, refers="site", aliases=("office", "location", "bureau", "lieu",
           "ville", "city", "agence")),
    Column("languages", "Languages", "Langues", Reading.LANGUAGES, aliases=("language", "langue", "spoken languages"),
           sample=("fr, en", "fr")),
    Column("tags", "Tags", "Étiquettes", Reading.LIST, aliases=("labels", "keywords", "mots-clés", "étiquette"),
           sample=("car", "")),
    Column("capacity_spans", "Capacity (%)", "Capacité (%)", Reading.CAPACITY, aliases=("capacity", "fte",
           "availability", "working time", "capacité", "temps de travail", "etp", "taux d'activité", "workload"),
           sample=(100, 80)),
    Column("cost_minor", "Cost per period", "Coût par période", Reading.MONEY, aliases=("cost", "rate", "cost rate",
           "weekly cost", "coût", "tarif", "taux", "coût hebdomadaire", "daily rate", "tjm"), sample=(1650, 1480.5)),
    Column("cost_currency", "Currency", "Devise", aliases=("cost currency", "monnaie", "devise du coût")),
    Column("skills", "Skills", "Compétences", Reading.LEVELS, aliases=("skill", "skill levels", "compétence",
           "savoir-faire", "competences")),
)  # fmt: skip
ABOUT_HIRE = (
    Column("hire_cost_minor", "Hire cost", "Coût d’embauche", Reading.MONEY, aliases=("hiring cost", "recruiting cost",
           "coût de recrutement", "cost of hire")),
    Column("earliest_on", "Earliest start", "Début au plus tôt", Reading.MOMENT, aliases=("start date",
           "available from", "date de début", "disponible à partir du", "starts on", "date d'arrivée", "earliest")),
    Column("notice_periods", "Notice (periods)", "Préavis (périodes)", Reading.WHOLE, aliases=("notice", "préavis",
           "notice period")),
    Column("ramp_up_periods", "Ramp-up (periods)", "Montée en charge (périodes)", Reading.WHOLE, aliases=("ramp-up",
           "ramp up", "montée en charge")),
    Column("ramp_up_pct", "Ramp-up (%)", "Montée en charge (%)", Reading.PERCENT),
    Column("acceptance_pct", "Chance of a yes (%)", "Chances d’un oui (%)", Reading.PERCENT, aliases=("acceptance",
           "probability", "acceptation", "probabilité")),
)  # fmt: skip


class PersonLike(Kind):
    """What people and candidates have in common: the person, in a few queries for all of them."""

    keys = ("id", "email", "name")
    currency_column = "cost_currency"

    def more_columns(self, world: World) -> tuple[Column, ...]:
        """A column for the level of each skill, and one for the score of each work style in use."""
        skills, styles = world.index("skill"), world.index("style")
        of_skills = (
            Column(f"skill:{ident}", skills.names[ident], skills.names[ident], Reading.WHOLE, ident=ident,
                   names="skills", aliases=tuple(text for text, found in skills.by.items() if found == [ident]))
            for ident in skills.names
        )  # fmt: skip
        of_styles = (
            Column(f"style:{ident}", name, name, Reading.SCORE, ident=ident, names="styles")
            for ident, name in styles.names.items()
        )
        return (*of_skills, *of_styles)

    def value(self, present: Present, column: Column) -> Any:
        """What is said under a column; skills and work styles by their ids."""
        said = present.said
        if column.name == "skills":
            return {str(row["skill_id"]): row["level"] for row in sorted(said["skills"], key=lambda r: r["skill_id"])}
        if column.ident:
            of, what = ("skill_id", "level") if column.field == "skills" else ("style_id", "score")
            return next((row[what] for row in said[column.field] if row[of] == column.ident), None)
        return plain_value(said.get(column.field))

    def payload(self, world: World, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The person as they are, with what the cells say; a level that is new says that it was imported."""
        plain = {name: value for name, value in cells.items() if ":" not in name and name != "skills"}
        said = super().payload(world, present, plain)
        if "skills" in cells:
            wanted = {int(ident): level for ident, level in (cells["skills"] or {}).items()}
            said["skills"] = _rated(said.get("skills", ()), wanted, "skill_id", "level", keeps=False)
        for of, what in (("skill", "level"), ("style", "score")):
            wanted = {int(name.partition(":")[2]): v for name, v in cells.items() if name.startswith(f"{of}:")}
            if wanted:
                said[f"{of}s"] = _rated(said.get(f"{of}s", ()), wanted, f"{of}_id", what, keeps=True)
        return said

    def settled(self, world: World, said: Any, cells: Mapping[str, Any]) -> dict[str, Any]:
        """As the row will hold it: the workspace's own currency is not named."""
        found = super().settled(world, said, {n: v for n, v in cells.items() if ":" not in n})
        if found.get("cost_currency") == world.workspace.currency:
            found["cost_currency"] = ""
        styles = {f"style:{row.style_id}": row.score for row in said.styles}
        return {n: found.get(n, styles.get(n, v) if n.startswith("style:") else v) for n, v in cells.items()}

    def judge(self, world: World, present: Present | None, said: Any, cells: Mapping[str, Any]) -> Iterator[Fault]:
        """No level is above the scale; whatever else is named was found in the workspace."""
        most = world.workspace.level_max
        for n, row in enumerate(said.skills):
            if row.level > most:
                yield Fault(self.column_at(("skills", n), said, cells), "level_over_scale", {"most": most})


class People(PersonLike):
    """Staff and hypothetical people. Many can come at once: what the verb would look up for each is looked up once."""

    name, en, fr = "people", "People", "Personnes"
    noun, action, see = "person", "person.import", "person.see"
    model, schema = Person, PersonSaid
    columns = (
        ID,
        *ABOUT_PERSON[:2],
        Column("kind", "Kind", "Statut", Reading.CHOICE, words=KIND_WORDS, sample=("employee", "contractor"),
               aliases=("type", "contract", "contrat", "type de contrat", "employment type", "status")),
        *ABOUT_PERSON[2:],
        *ABOUT_HIRE,
    )  # fmt: skip
    is_rehearsed = False

    def present(self, world: World) -> dict[int, Present]:
        """Everybody but candidates, who have their own table."""
        candidates = select(Candidate.person_id).where(Candidate.person_kind == PersonKind.CANDIDATE)
        return present_people(world.session, Person.id.not_in(candidates))

    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """By the verb that the pages use."""
        if item.present is None:
            return verbs.add_person(session, item.said)
        return verbs.edit_person(session, session.get_one(Person, item.id), item.said, item.present.version)

    def write(self, session: Session, world: World, items: Sequence[Item], by: User) -> None:
        """As the verbs would, in few statements."""
        new, changed = [[item for item in items if (item.present is None) is is_new] for is_new in (True, False)]
        add_people(session, new, PLAIN, world.workspace.currency)
        edit_people(session, changed, PLAIN, world.workspace.currency)
        session.expire_all()


def present_people(session: Session, *where: Any) -> dict[int, Present]:
    """People with all that is said of them, by id."""
    columns = [Person.id, Person.key, Person.version, *(getattr(Person, name) for name in PLAIN)]
    found: dict[int, Present] = {}
    for row in session.execute(select(*columns).where(*where)).mappings():
        said = {name: row[name] for name in PLAIN}
        said |= {"capacity_spans": [], "absences": [], "skills": [], "styles": [], "wishes": []}
        found[row["id"]] = Present(row["id"], row["version"], row["name"], said, row["key"])
    for name, table, fields in BELOW:
        columns = [table.person_id, *(getattr(table, one) for one in fields)]
        for person_id, *values in session.execute(select(*columns).order_by(table.id)):
            if person_id in found:
                found[person_id].said[name].append(dict(zip(fields, values, strict=True)))
    return found


BELOW: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("capacity_spans", CapacitySpan, ("fte_pct", "from_on", "to_on")),
    ("absences", Absence, ("from_on", "to_on", "kind")),
    ("skills", PersonSkill, ("skill_id", "level", "source", "rated_on")),
    ("styles", PersonStyle, ("style_id", "score", "source", "rater", "rated_on")),
    ("wishes", Wish, ("project_id", "wish")),
)


def _rated(
    held: Sequence[Mapping[str, Any]], wanted: Mapping[int, Any], of: str, what: str, *, keeps: bool
) -> list[dict[str, Any]]:
    """Ratings with those wanted in them; one that stays keeps its source, one that says nothing goes."""
    rows = {row[of]: dict(row) for row in held if keeps or row[of] in wanted}
    for ident, level in wanted.items():
        if not level:
            rows.pop(ident, None)
        elif ident not in rows or rows[ident][what] != level:
            rows[ident] = {of: ident, what: level, "source": RatingSource.IMPORT}
    return list(rows.values())


def plain_value(value: Any) -> Any:
    """A value as JSON keeps it."""
    match value:
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
        case date():
            return value.isoformat()
        case list():
            return [plain_value(one) for one in value]
        case dict():
            return {name: plain_value(one) for name, one in value.items()}
        case PersonKind():
            return value.value
    return value
