"""Scenarios: what is otherwise in them, with whom they are shared, plans of them, side by side, and merged back."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import Failed, Fault, conflict, shown
from planner.api.operations import edited, operation
from planner.api.plans import plan_asked
from planner.api.routes import TEXT, Resource, Rights
from planner.models import Scenario, SubjectKind, SubjectState
from planner.schemas.planning_plans import PlanSaid, PlanSeen
from planner.schemas.planning_scenarios import (
    AddedSaid,
    ComparisonSeen,
    FieldsSaid,
    MergeSaid,
    PartsSaid,
    ScenarioBegun,
    ScenarioSaid,
    ScenarioSeen,
    SharesSaid,
    SideBySideSeen,
    SubjectHereSeen,
)
from planner.services.planning import scenario_changes, scenario_merging
from planner.services.planning import scenarios as verbs
from planner.services.planning.scenario_comparing import MOST_COLUMNS, side_by_side
from planner.services.planning.scenario_documents import Subject, subject_of, whole
from planner.services.refused import Stale
from planner.wording import schema_sentence

TAG = _("Scenarios")
IDS = rf"^( *[0-9]{{1,9}} *(, *[0-9]{{1,9}} *){{0,{MOST_COLUMNS - 1}}})?$"


def init(pages: Blueprint) -> None:
    """Registers the routes of scenarios that other nouns do not have."""
    below = "/scenarios/<int:scenario_id>"
    pages.post("/scenarios")(scenario_add)
    pages.delete(below)(scenario_remove)
    pages.put(f"{below}/shares")(scenario_share)
    pages.get(f"{below}/changes")(scenario_changes_show)
    pages.post(f"{below}/take-back")(scenario_take_back)
    pages.post(f"{below}/merge")(scenario_merge)
    pages.post(f"{below}/plans")(scenario_plan)
    pages.post(f"{below}/subjects/<string:kind>")(subject_add)
    pages.get(f"{below}/subjects/<string:kind>/<int:subject_id>")(subject_show)
    pages.put(f"{below}/subjects/<string:kind>/<int:subject_id>")(subject_edit)
    pages.delete(f"{below}/subjects/<string:kind>/<int:subject_id>")(subject_leave_out)
    pages.get("/scenarios/compare")(scenarios_compare)


SCENARIOS = Resource(
    "scenarios",
    TAG,
    Scenario,
    Rights.of("scenario"),
    ScenarioSeen,
    ScenarioSaid,
    page=verbs.page_of_scenarios,
    sorts=("name", "changed", "id"),
    filters={"whose": _("own for one’s own, shared for those of others.")},
    edit=verbs.edit,
)


@operation(
    "scenario.add",
    tag=TAG,
    summary=_("Scenarios: begin one"),
    about=_("It is private until it is shared, and may begin with changes."),
    takes=ScenarioBegun,
    gives=ScenarioSeen,
    status=201,
    can_be_refused=True,
    can_be_hidden=True,
)
def scenario_add() -> Response:
    said = asking.said(ScenarioBegun)
    scenario = _there(lambda: verbs.begin(db.session(), said, by=asking.actor()))
    db.session().commit()
    answer = shown(scenario, ScenarioSeen, 201)
    answer.headers["Location"] = url_for("api.scenarios_show", scenario_id=scenario.id)
    return answer


@operation(
    "scenario.remove",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: remove one"),
    about=_("Its plans go with it, for good. What is there stays."),
    gives=ScenarioSeen,
    is_versioned=True,
    can_be_refused=True,
)
def scenario_remove(scenario: Scenario) -> Response:
    def remove(version: int) -> dict[str, Any]:
        db.session().refresh(scenario, with_for_update=True)
        if version != scenario.version:
            raise Stale(scenario)
        gone = ScenarioSeen.model_validate(scenario).model_dump()
        title = scenario.name if scenario.shares else gettext("Scenario %(number)s", number=scenario.id)
        verbs.remove(db.session(), scenario, title=title, by=asking.actor())
        return gone

    return edited(scenario, ScenarioSeen, remove)


@operation(
    "scenario.share",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: say who may see one, and who may change it"),
    takes=SharesSaid,
    gives=ScenarioSeen,
    is_versioned=True,
    can_be_refused=True,
)
def scenario_share(scenario: Scenario) -> Response:
    said = asking.said(SharesSaid)
    return edited(scenario, ScenarioSeen, lambda version: verbs.share(db.session(), scenario, said, version), said)


@operation(
    "scenario.see",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: what is otherwise in one"),
    about=_("Each difference beside what it was made from and what is there by now; the mark is what a merge carries."),
    gives=ComparisonSeen,
)
def scenario_changes_show(scenario: Scenario) -> Response:
    return shown(_comparison(scenario), ComparisonSeen)


@operation(
    "scenario.edit",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: take changes back"),
    about=_("By their parts: fields become what is there, what was left out is in again, what is new is gone."),
    takes=PartsSaid,
    gives=ComparisonSeen,
)
def scenario_take_back(scenario: Scenario) -> Response:
    wanted = set(asking.said(PartsSaid).parts)
    for record in list(scenario.subjects):
        fields = [row.field for row in record.changes if f"c{row.id}" in wanted]
        if f"s{record.id}" in wanted:
            scenario_changes.take_back(db.session(), scenario, record)
        for field in fields:
            scenario_changes.take_back(db.session(), scenario, record, field)
    db.session().commit()
    return shown(_comparison(scenario), ComparisonSeen)


@operation(
    "scenario.merge",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: make some of one true"),
    about=_(
        "All that is taken becomes true, or nothing does. What is dropped leaves the scenario, the rest stays in it."
    ),
    takes=MergeSaid,
    gives=ComparisonSeen,
    can_be_refused=True,
)
def scenario_merge(scenario: Scenario) -> Response:
    scenario_merging.merge(db.session(), scenario, asking.said(MergeSaid), by=asking.actor())
    db.session().commit()
    return shown(_comparison(scenario), ComparisonSeen)


@operation(
    "scenario.plan",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: ask for a plan of one"),
    about=_("It belongs to the scenario, and is never in force. The same key gives the same plan, and asks once."),
    takes=PlanSaid,
    gives=PlanSeen,
    status=201,
    can_be_refused=True,
    is_key_wanted=True,
)
def scenario_plan(scenario: Scenario) -> Response:
    return plan_asked(scenario)


@operation(
    "scenario.edit",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: add something that only it has"),
    about=_(
        "A phase stands below a project, a role need or a team rule below a phase: its parent_id is theirs, new ones "
        "among them."
    ),
    takes=AddedSaid,
    gives=SubjectHereSeen,
    status=201,
    can_be_refused=True,
)
def subject_add(scenario: Scenario, kind: str) -> Response:
    said = asking.said(AddedSaid)
    change = said.as_change(_kind(kind), state=SubjectState.ADDED)
    subject = _there(lambda: scenario_changes.change(db.session(), scenario, change, by=asking.actor()))
    db.session().commit()
    return shown(_subject_seen(subject), SubjectHereSeen, 201)


@operation(
    "scenario.see",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: something as one has it"),
    gives=SubjectHereSeen,
)
def subject_show(scenario: Scenario, kind: str, subject_id: int) -> Response:
    return shown(_subject_seen(_subject(scenario, kind, subject_id)), SubjectHereSeen)


@operation(
    "scenario.edit",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: change something in one"),
    about=_("Fields that are not named stay. What is there stays as well."),
    takes=FieldsSaid,
    gives=SubjectHereSeen,
    is_versioned=True,
    can_be_refused=True,
)
def subject_edit(scenario: Scenario, kind: str, subject_id: int) -> Response:
    said = asking.said(FieldsSaid)
    change = said.as_change(_kind(kind), ident=subject_id)
    return _changed(scenario, kind, subject_id, change)


@operation(
    "scenario.edit",
    Scenario,
    tag=TAG,
    summary=_("Scenarios: leave something out of one"),
    about=_("What only the scenario had is gone."),
    gives=SubjectHereSeen,
    is_versioned=True,
    can_be_refused=True,
)
def subject_leave_out(scenario: Scenario, kind: str, subject_id: int) -> Response:
    change = FieldsSaid().as_change(_kind(kind), ident=subject_id, state=SubjectState.REMOVED)
    return _changed(scenario, kind, subject_id, change)


@operation(
    "scenario.see",
    tag=TAG,
    summary=_("Scenarios: up to four side by side"),
    about=_("Each by its newest plan; 0 is what is there, by the plan in force, else the newest."),
    gives=SideBySideSeen,
    parameters={"of": ({**TEXT, "pattern": IDS}, _("The ids, with commas between them."))},
    can_be_hidden=True,
)
def scenarios_compare() -> Response:
    ids = _ids(request.args.get("of", ""))
    known = {one.id: one for one in verbs.scenarios_of(db.session(), asking.actor(), only=ids)}
    if any(ident and ident not in known for ident in ids):
        raise access.Hidden("scenario")
    language = "fr" if str(get_locale() or "en").startswith("fr") else "en"
    beside = side_by_side(db.session(), [known.get(ident) for ident in ids], by=asking.actor(), language=language)
    return shown(_beside_seen(beside), SideBySideSeen)


def _changed(scenario: Scenario, kind: str, subject_id: int, change: Any) -> Response:
    """Changes something in a scenario by the version that was read; whoever is too late is shown what is there."""
    subject = _subject(scenario, kind, subject_id)
    if subject.version != asking.version():
        return conflict(_subject_seen(subject), SubjectHereSeen, change.model_dump(mode="json"))
    done = _there(lambda: scenario_changes.change(db.session(), scenario, change, by=asking.actor()))
    db.session().commit()
    return shown(_subject_seen(done if done is not None else subject), SubjectHereSeen)


def _there(verb: Callable[[], Any]) -> Any:
    """What a verb gives. Raises Hidden where it names what is not there."""
    try:
        return verb()
    except LookupError:
        raise access.Hidden("scenario") from None


def _kind(text: str) -> SubjectKind:
    """The kind that an address names. Raises Hidden where there is none of the name."""
    if text not in set(SubjectKind):
        raise access.Hidden("scenario")
    return SubjectKind(text)


def _subject(scenario: Scenario, kind: str, ident: int) -> Subject:
    found: Subject = _there(lambda: subject_of(db.session(), scenario, _kind(kind), ident))
    return found


def _subject_seen(subject: Subject) -> SimpleNamespace:
    return SimpleNamespace(
        kind=subject.kind,
        id=subject.id,
        state=subject.record.state if subject.record is not None else SubjectState.CHANGED,
        parent_id=subject.record.parent_id if subject.record is not None else None,
        version=subject.version,
        there=whole(subject.kind, subject.there) if subject.there is not None else None,
        here=whole(subject.kind, subject.here) if subject.here is not None else None,
    )


def _comparison(scenario: Scenario) -> dict[str, Any]:
    found = scenario_merging.compared(db.session(), scenario, by=asking.actor())
    subjects = [
        {
            "part": part.part,
            "kind": part.record.kind,
            "id": part.record.subject_id,
            "state": part.record.state,
            "title": part.title,
            "parent_id": part.record.parent_id,
            "version": part.record.version + (part.row.version if part.row is not None else 0),
            "standing": str(part.standing),
            "said": part.record.said,
            "fields": [
                {
                    "part": one.part,
                    "field": one.change.field,
                    "then": one.change.base,
                    "here": one.change.value,
                    "now": one.now,
                    "standing": str(one.standing),
                    "by_name": one.change.by_name,
                    "at": one.change.at,
                }
                for one in part.fields
            ],
        }
        for part in found.parts
    ]
    return {"seen": found.seen, "num_conflicts": found.num_conflicts, "subjects": subjects}


def _beside_seen(beside: Any) -> dict[str, Any]:
    columns = [
        {
            "scenario_id": column.scenario.id if column.scenario is not None else None,
            "name": column.scenario.name if column.scenario is not None else "",
            "plan_id": column.plan.id if column.plan is not None else None,
            "plan_number": column.plan.number if column.plan is not None else None,
            "objective": column.plan.objective if column.plan is not None else None,
            "num_seats": column.plan.num_seats if column.plan is not None else 0,
            "num_filled": column.plan.num_filled if column.plan is not None else 0,
            "num_hires": column.plan.num_hires if column.plan is not None else 0,
            "cost": column.plan.cost if column.plan is not None else 0,
            "terms": column.terms,
        }
        for column in beside.columns
    ]
    seats = [
        {
            "seat": line.first.seat_id,
            "title": line.first.title,
            "project": line.first.project,
            "phase": line.first.phase,
            "holders": list(line.holders),
        }
        for line in beside.lines
    ]
    return {"columns": columns, "seats": seats, "num_same": beside.num_same}


def _ids(text: str) -> list[int]:
    """The ids that an address names. Raises Failed where they are none, or too many."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    are_numbers = all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts)
    if not are_numbers or len(parts) > MOST_COLUMNS:
        code = "literal_error"
        raise Failed("not_valid", errors=[Fault(field="of", code=code, message=schema_sentence(code, {}))])
    return list(dict.fromkeys(int(part) for part in parts))
