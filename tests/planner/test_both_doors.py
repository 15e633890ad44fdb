"""One law, both doors: what a form takes the API takes, what one refuses the other refuses, in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import rows
from doors import NOT_SAID, Bad, World, changed, differing, plain, typed
from flask import Flask
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from planner.models import Booking, BookingKind, Person, PersonKind, RoleName, Seat, Skill, User


@dataclass(frozen=True)
class Case:
    """A noun at both doors; addresses and payloads are made in a world of rows. One without `rows` is edited only."""

    page: str
    address: str
    good: Callable[[World], dict[str, Any]]
    bad: tuple[Bad, ...]
    rows: str = ""
    shown: str = ""  # where the row is read, if that is not where it is edited


def skill(_world: World) -> World:
    return {"name": "Search  ads", "name_fr": "Référencement", "category": "Media", "aliases": ["SEA", "Google Ads"]}


def style(_world: World) -> World:
    return {"name": "Empathy", "name_fr": "Empathie", "meaning": "Cares", "meaning_fr": "Se soucie", "is_on": True}


def site(_world: World) -> World:
    return {"name": "Lyon", "country": "FR", "subdivision": ""}


def rate(_world: World) -> World:
    return {"currency": "USD", "from_on": "2027-01-04", "rate": 0.92}


def objective(_world: World) -> World:
    return {
        "title": "Fewer calls",
        "why": "Each call costs an hour.",
        "measure": "calls in a week",
        "measure_kind": "count",
        "unit": "calls",
        "from_value": 40.0,
        "target_value": 10.0,
        "from_on": "2026-09-01",
        "by_on": "2027-03-01",
    }


def feedback(world: World) -> World:
    return {
        "text": "We waited long.\nTwice.",
        "sentiment": 2,
        "source": "call",
        "said_by": "Head of sales",
        "said_on": "2026-11-02",
        "project_id": world["project"].id,
        "phase_id": world["phase"].id,
        "skill_id": world["skill"].id,
        "style_id": world["style"].id,
    }


def idea(world: World) -> World:
    about = {"project_id": world["project"].id, "style_id": world["style"].id}
    return {"title": "Answer within a day", "text": "Somebody is named for it.", **about}


def part(world: World) -> World:
    return {
        "name": "Zoé Ångström",
        "email": "zoe@example.com",
        "site_id": world["site"].id,
        "languages": ["fr", "en"],
        "tags": ["car"],
        "cost_minor": 165050,
        "cost_currency": "CHF",
        "hire_cost_minor": 0,
        "earliest_on": "2027-02-01",
        "notice_periods": 2,
        "ramp_up_periods": 3,
        "ramp_up_pct": 50,
        "acceptance_pct": 80,
        "capacity_spans": [
            {"fte_pct": 100, "to_on": "2027-03-01"},
            {"fte_pct": 60, "from_on": "2027-03-01", "to_on": "2027-09-01"},
        ],
        "absences": [{"from_on": "2027-01-04", "to_on": "2027-01-08", "kind": "training"}],
        "skills": [{"skill_id": world["skill"].id, "level": 4, "source": "test", "rated_on": "2026-11-02"}],
        "styles": [{"style_id": world["style"].id, "score": 3.5, "source": "peer", "rater": "Ann"}],
        "wishes": [{"project_id": world["project"].id, "wish": -20}],
    }


def person(world: World) -> World:
    return {**part(world), "kind": "contractor"}


def candidate(world: World) -> World:
    own = {"stage": "interview", "applied_on": "2026-11-01", "source": "fair", "note": "Two\nlines"}
    return {**part(world), "requisition_id": world["requisition"].id, **own}


def absence(_world: World) -> World:
    return {"from_on": "2027-05-03", "to_on": "2027-05-07", "kind": "leave"}


def project(world: World) -> World:
    return {
        "name": "Relaunch",
        "client": "Nord & Sud",
        "objective": "More leads",
        "kind": "campaign",
        "pm_id": world["pm"].id,
        "priority": 5,
        "budget_minor": 5_000_000,
        "reward": 300,
        "due_on": "2027-06-30",
        "late_penalty": 20,
        "is_all_or_nothing": True,
    }


def phase(world: World) -> World:
    return {
        "name": "Launch",
        "duration": 4,
        "earliest_on": "2027-03-01",
        "latest_on": "2027-04-05",
        "after_ids": [world["phase"].id],
    }


def need(world: World) -> World:
    return {
        "title": "Copywriter",
        "count": 2,
        "fte_pct": 50,
        "from_offset": 1,
        "to_offset": 3,
        "skills": [{"skill_id": world["skill"].id, "level": 3, "is_must": True, "weight": 2}],
        "styles": [
            {
                "style_id": world["style"].id,
                "min": 2.5,
                "max": 4.5,
                "is_must": False,
                "weight": 1,
                "reason": "speaks to clients every day",
            }
        ],
        "tags": ["lang:fr"],
        "any_of": [["site:Lyon", "remote"]],
        "max_cost_minor": 250000,
        "is_mentoring_allowed": True,
        "is_hire_allowed": True,
    }


def task(world: World) -> World:
    return {
        "title": "Write the page",
        "text": "All of it",
        "owner_id": world["person"].id,
        "seat_id": world["seat"].id,
        "phase_id": world["phase"].id,
        "requisition_id": world["requisition"].id,
        "iteration_id": world["iteration"].id,
        "estimate_h": 7.5,
        "actual_h": 1.5,
        "starts_on": "2027-01-04",
        "due_on": "2027-01-15",
    }


def effort(world: World) -> World:
    said = {"person_id": world["person"].id, "from_on": "2026-09-07", "to_on": "2026-09-11"}
    return {**said, "hours": 31.5, "note": "Two rounds of comments"}


def template(_world: World) -> World:
    return {"name": "Launch team", "purpose": "A launch.\nWith a press tour.", "duration": 6}


def count_rule(world: World) -> World:
    said = {"rule": "count", "of": "skill", "skill_id": world["skill"].id, "level": 3}
    return {**said, "at_least": 1, "at_most": 2, "weight": 10}


def mean_rule(world: World) -> World:
    return {"rule": "mean", "style_id": world["style"].id, "min": 2.0, "max": 4.0}


def apart_rule(world: World) -> World:
    return {"rule": "apart", "person_ids": [world["person"].id, world["other"].id], "weight": 5}


def requisition(world: World) -> World:
    return {
        "title": "Copywriter",
        "need_id": world["need"].id,
        "num_seats": 2,
        "site_id": world["site"].id,
        "starts_on": "2027-03-01",
        "ends_on": "2027-09-01",
        "fte_pct": 80,
        "max_cost_minor": 300000,
        "reason": "Nobody has it",
    }


def column(_world: World) -> World:
    return {"stage": "interview", "name": "Trial day", "name_fr": "Journée d’essai"}


def plan(world: World) -> World:
    return {
        "title": "Spring",
        "starts_on": "2027-01-04",
        "num_periods": 20,
        "preset": "teams",
        "kinds": ["employee", "candidate"],
        "projects": [world["project"].id],
        "max_hires": 2,
        "budget": 900_000,
        "time_limit_s": 5,
        "is_reproducible": True,
    }


def scenario(_world: World) -> World:
    return {"name": "A longer notice", "note": "Whom it would cost us"}


def metric(world: World) -> World:
    said = {"name": "Orders", "subject": "conversions", "kind": "share", "unit": "orders", "note": "From the shop"}
    return {**said, "project_id": world["project"].id, "phase_id": world["phase"].id, "is_higher_better": True}


def point(_world: World) -> World:
    return {"measured_on": "2026-02-02", "trials": 500, "successes": 40}


def experiment(world: World) -> World:
    return {
        "name": "A shorter form",
        "project_id": world["project"].id,
        "phase_id": world["phase"].id,
        "hypothesis": "Fewer fields, more orders",
        "measure": "orders per visitor",
        "kind": "share",
        "is_higher_better": True,
        "starts_on": "2026-02-02",
        "ends_on": "2026-03-02",
        "planned_num": 4000,
        "smallest_effect": 1.5,
        "arms": [
            {"name": "Long", "num": 100, "successes": 4},
            {"name": "Short", "num": 101, "successes": 9},
        ],
    }


def experiment_on_means(world: World) -> World:
    arms = [
        {"name": "Long", "num": 100, "mean": 3.5, "spread": 1.0},
        {"name": "Short", "num": 90, "mean": 3.9, "spread": 0.0},
    ]
    return {**experiment(world), "kind": "mean", "arms": arms}


def workspace(_world: World) -> World:
    weights = {"fill": 2000, "fit": 1, "style": 2, "preference": 3, "money": 4, "change": 5}
    said = {"name": "Acme", "currency": "EUR", "calendar_start_on": "2027-01-04", "num_periods": 30}
    return {**said, "period": "week", "level_max": 5, "weights": weights, "limits": {"max_hires": 3}}


NAME = (
    Bad({"name": NOT_SAID}, "name", "missing"),
    Bad({"name": "x" * 201}, "name", "string_too_long"),
    Bad({"name": "a\u202eb"}, "name", "invisible_characters"),
)
PART = (
    *NAME,
    Bad({"email": "nobody"}, "email", "email"),
    Bad({"cost_currency": "XXQ"}, "cost_currency", "currency_not_known"),
    Bad({"acceptance_pct": 101}, "acceptance_pct", "less_than_equal"),
    Bad({"ramp_up_pct": -1}, "ramp_up_pct", "greater_than_equal"),
    Bad({"capacity_spans.1.from_on": "2027-02-01"}, "capacity_spans.1.from_on", "rows_overlap"),
    Bad({"capacity_spans.1.to_on": "2027-03-01"}, "capacity_spans.1.to_on", "ends_before_it_begins"),
    Bad({"capacity_spans.0.fte_pct": 101}, "capacity_spans.0.fte_pct", "less_than_equal"),
    Bad({"absences.0.to_on": "2027-01-03"}, "absences.0.to_on", "ends_before_it_begins"),
    Bad({"absences.0.kind": "illness"}, "absences.0.kind", "enum"),
    Bad({"skills.0.level": 0}, "skills.0.level", "greater_than_equal"),
    Bad({"skills.0.level": 9}, "skills.0.level", "level_over_scale", 409),
    Bad({"styles.0.score": 5.5}, "styles.0.score", "less_than_equal"),
    Bad({"styles.0.style_id": 987654}, "styles.0.style_id", "style_unknown", 409),
    Bad({"wishes.0.wish": 101}, "wishes.0.wish", "less_than_equal"),
    Bad({"wishes.0.project_id": 987654}, "wishes.0.project_id", "choice_is_not_there", 409),
    Bad({"site_id": 987654}, "site_id", "choice_is_not_there", 409),
)
CASES = {
    "skill": Case(
        "/skills/add", "/skills", skill, (*NAME, Bad({"name": "Known skill"}, "name", "skill_is_there", 409)), "skills"
    ),
    "work style": Case(
        "/styles/{style}/edit",
        "/styles/{style}",
        style,
        (*NAME, Bad({"meaning": "x" * 1001}, "meaning", "string_too_long")),
    ),
    "site": Case(
        "/sites/add",
        "/sites",
        site,
        (
            *NAME,
            Bad({"name": "Known site"}, "name", "site_is_there", 409),
            Bad({"country": "ZZ"}, "country", "country_is_not_known", 409),
            Bad({"country": "FRA"}, "country", "string_pattern_mismatch"),
            Bad({"subdivision": "Nowhere"}, "subdivision", "subdivision_is_not_known", 409),
        ),
        "sites",
    ),
    "rate": Case(
        "/rates/add",
        "/rates",
        rate,
        (
            Bad({"currency": "XXQ"}, "currency", "currency_not_known"),
            Bad({"currency": "EUR"}, "currency", "rate_of_own_currency", 409),
            Bad({"from_on": NOT_SAID}, "from_on", "missing"),
            Bad({"rate": 0}, "rate", "greater_than"),
            Bad({"rate": 1e7}, "rate", "less_than_equal"),
        ),
        "rates",
    ),
    "person": Case(
        "/people/add",
        "/people",
        person,
        (*PART, Bad({"kind": "candidate"}, "kind", "candidate_has_own_page")),
        "people",
    ),
    "candidate": Case(
        "/candidates/add",
        "/candidates",
        candidate,
        (
            *PART,
            Bad({"stage": "promoted"}, "stage", "enum"),
            Bad({"requisition_id": 987654}, "requisition_id", "choice_is_not_there", 409),
        ),
        "candidates",
    ),
    "absence": Case(
        "/people/{person}/absences/add",
        "/people/{person}/absences",
        absence,
        (
            Bad({"from_on": NOT_SAID}, "from_on", "missing"),
            Bad({"to_on": "2027-05-02"}, "to_on", "ends_before_it_begins"),
            Bad({"kind": "illness"}, "kind", "enum"),
            Bad({"from_on": "2027-02-01", "to_on": "2027-02-01"}, "from_on", "absence_overlaps", 409),
        ),
        "absences",
    ),
    "project": Case(
        "/projects/add",
        "/projects",
        project,
        (
            *NAME,
            Bad({"priority": 6}, "priority", "less_than_equal"),
            Bad({"budget_minor": -100}, "budget_minor", "greater_than_equal"),
            Bad({"reward": -1}, "reward", "greater_than_equal"),
            Bad({"pm_id": 987654}, "pm_id", "pm_is_no_project_manager", 409),
        ),
        "projects",
    ),
    "phase": Case(
        "/projects/{project}/phases/add",
        "/projects/{project}/phases",
        phase,
        (
            *NAME,
            Bad({"duration": 0}, "duration", "greater_than_equal"),
            Bad({"earliest_on": NOT_SAID}, "earliest_on", "missing"),
            Bad({"latest_on": "2027-02-01"}, "latest_on", "latest_before_earliest"),
            Bad({"after_ids": [987654]}, "after_ids", "phase_unknown", 409),
            Bad({"latest_on": "9999-12-31"}, "duration", "phase_ends_too_late", 409),
        ),
        "phases",
    ),
    "need": Case(
        "/needs/phases/{phase}/add",
        "/phases/{phase}/needs",
        need,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"count": 0}, "count", "greater_than_equal"),
            Bad({"count": 1001}, "count", "less_than_equal"),
            Bad({"fte_pct": 0}, "fte_pct", "greater_than_equal"),
            Bad({"to_offset": 1}, "to_offset", "ends_before_it_begins"),
            Bad({"from_offset": 4, "to_offset": NOT_SAID}, "from_offset", "need_begins_after_phase", 409),
            Bad({"to_offset": 5}, "to_offset", "need_ends_after_phase", 409),
            Bad({"skills.0.level": 101}, "skills.0.level", "less_than_equal"),
            Bad({"skills.0.level": 6}, "skills.0.level", "level_over_scale", 409),
            Bad({"skills.0.weight": 1001}, "skills.0.weight", "less_than_equal"),
            Bad({"styles.0.max": 2.4}, "styles.0.max", "band_upside_down"),
            Bad({"styles.0.reason": NOT_SAID}, "styles.0.reason", "missing"),
            Bad({"styles.0.reason": "x"}, "styles.0.reason", "string_too_short"),
            Bad({"styles.0.style_id": 987654}, "styles.0.style_id", "style_unknown", 409),
        ),
        "needs",
    ),
    "count rule": Case(
        "/projects/phases/{phase}/rules/add?rule=count&of=skill",
        "/phases/{phase}/rules",
        count_rule,
        (
            Bad({"at_least": NOT_SAID, "at_most": NOT_SAID}, "at_most", "count_is_open"),
            Bad({"at_least": 3}, "at_most", "at_most_below_at_least"),
            Bad({"level": NOT_SAID}, "level", "missing"),
            Bad({"level": 6}, "level", "level_over_scale", 409),
            Bad({"weight": -1}, "weight", "greater_than_equal"),
        ),
        "rules",
    ),
    "mean rule": Case(
        "/projects/phases/{phase}/rules/add?rule=mean",
        "/phases/{phase}/rules",
        mean_rule,
        (
            Bad({"min": NOT_SAID, "max": NOT_SAID}, "max", "band_is_open"),
            Bad({"max": 1.0}, "max", "band_upside_down"),
            Bad({"style_id": 987654}, "style_id", "style_unknown", 409),
        ),
        "rules",
    ),
    "apart rule": Case(
        "/projects/phases/{phase}/rules/add?rule=apart",
        "/phases/{phase}/rules",
        apart_rule,
        (Bad({"weight": 10**7}, "weight", "less_than_equal"),),
        "rules",
    ),
    "effort": Case(
        "/needs/{need}/efforts/add",
        "/needs/{need}/efforts",
        effort,
        (
            Bad({"from_on": NOT_SAID}, "from_on", "missing"),
            Bad({"to_on": "2026-09-01"}, "to_on", "ends_before_it_begins"),
            Bad({"from_on": "2999-01-01"}, "from_on", "in_the_future"),
            Bad({"hours": -1}, "hours", "greater_than_equal"),
            Bad({"hours": NOT_SAID}, "fte_pct", "hours_or_percent"),
            Bad({"fte_pct": 50}, "fte_pct", "hours_or_percent"),
            Bad({"hours": NOT_SAID, "fte_pct": 101}, "fte_pct", "less_than_equal"),
        ),
        "efforts",
    ),
    "template": Case(
        "/templates/add",
        "/templates",
        template,
        (*NAME, Bad({"duration": 0}, "duration", "greater_than_equal")),
        "templates",
    ),
    "requisition": Case(
        "/requisitions/add",
        "/requisitions",
        requisition,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"num_seats": 0}, "num_seats", "greater_than_equal"),
            Bad({"ends_on": "2027-03-01"}, "ends_on", "ends_before_it_begins"),
            Bad({"site_id": 987654}, "site_id", "choice_is_not_there", 409),
            Bad({"need_id": 987654}, "need_id", "choice_is_not_there", 409),
        ),
        "requisitions",
    ),
    "column": Case(
        "/board/columns/add",
        "/columns",
        column,
        (
            Bad({"stage": NOT_SAID}, "stage", "missing"),
            Bad({"stage": "promoted"}, "stage", "enum"),
            Bad({"name": "x" * 201}, "name", "string_too_long"),
        ),
        "columns",
    ),
    "board": Case(
        "/boards/add",
        "/boards",
        lambda world: {"name": "Launch", "purpose": "All of it", "phase_id": world["phase"].id},
        (
            *NAME,
            Bad({"project_id": 987654, "phase_id": NOT_SAID}, "project_id", "choice_is_not_there", 409),
            Bad({"phase_id": 987654}, "phase_id", "choice_is_not_there", 409),
        ),
        "boards",
    ),
    "column of a board": Case(
        "/boards/{board}/columns/add",
        "/boards/{board}/task-columns",
        lambda _world: {"name": "Review", "meaning": "doing", "wip_limit": 3},
        (
            *NAME,
            Bad({"meaning": "waiting"}, "meaning", "enum"),
            Bad({"wip_limit": 0}, "wip_limit", "greater_than_equal"),
        ),
        "task-columns",
    ),
    "iteration": Case(
        "/boards/{board}/iterations/add",
        "/boards/{board}/iterations",
        lambda _world: {"name": "One", "starts_on": "2027-01-04", "ends_on": "2027-01-17", "goal": "Ship it"},
        (
            *NAME,
            Bad({"ends_on": "2027-01-03"}, "ends_on", "ends_before_it_begins"),
            Bad({"ends_on": "2028-01-17"}, "ends_on", "iteration_too_long", 409),
        ),
        "iterations",
    ),
    "task": Case(
        "/tasks/add/{board}",
        "/boards/{board}/tasks",
        task,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"text": "a\u202eb"}, "text", "invisible_characters"),
            Bad({"estimate_h": -1}, "estimate_h", "greater_than_equal"),
            Bad({"actual_h": 10_001}, "actual_h", "less_than_equal"),
            Bad({"due_on": "2027-01-03"}, "due_on", "due_before_it_begins"),
            Bad({"seat_id": 987654}, "seat_id", "choice_is_not_there", 409),
            Bad({"iteration_id": 987654}, "iteration_id", "choice_is_not_there", 409),
        ),
        "tasks",
    ),
    "plan": Case(
        "/plans/add",
        "/plans",
        plan,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"num_periods": 0}, "num_periods", "greater_than_equal"),
            Bad({"time_limit_s": 86401}, "time_limit_s", "less_than_equal"),
            Bad({"projects": [987654]}, "", "nothing_to_plan", 409),
        ),
        "plans",
    ),
    "scenario": Case(
        "/scenarios/add",
        "/scenarios",
        scenario,
        (*NAME, Bad({"note": "x" * 10_001}, "note", "string_too_long")),
        "scenarios",
    ),
    "scenario of a name": Case(
        "/scenarios/{scenario}/edit",
        "/scenarios/{scenario}",
        scenario,
        (*NAME, Bad({"note": "a\u202eb"}, "note", "invisible_characters")),
    ),
    "metric": Case(
        "/metrics/add",
        "/metrics",
        metric,
        (
            *NAME,
            Bad({"subject": "clouds"}, "subject", "enum"),
            Bad({"kind": "colour"}, "kind", "enum"),
            Bad({"project_id": 987654}, "project_id", "choice_is_not_there", 409),
            Bad({"phase_id": 987654}, "phase_id", "choice_is_not_there", 409),
        ),
        "metrics",
    ),
    "measurement": Case(
        "/metrics/{metric}/points/add",
        "/metrics/{metric}/points",
        point,
        (
            Bad({"measured_on": NOT_SAID}, "measured_on", "missing"),
            Bad({"measured_on": "2999-01-01"}, "measured_on", "day_is_to_come", 409),
            Bad({"measured_on": "2026-01-05"}, "measured_on", "day_is_measured", 409),
            Bad({"successes": -1}, "successes", "greater_than_equal"),
            Bad({"trials": -5}, "trials", "greater_than_equal"),
            Bad({"successes": 501}, "successes", "successes_above_trials"),
            Bad({"successes": NOT_SAID}, "successes", "point_of_a_share", 409),
            Bad({"trials": NOT_SAID}, "trials", "point_of_a_share", 409),
        ),
        "points",
    ),
    "experiment": Case(
        "/experiments/add",
        "/experiments",
        experiment,
        (
            *NAME,
            Bad({"measure": NOT_SAID}, "measure", "missing"),
            Bad({"project_id": 987654}, "project_id", "choice_is_not_there", 409),
            Bad({"ends_on": "2026-02-01"}, "ends_on", "ends_before_it_begins"),
            Bad({"ends_on": NOT_SAID, "planned_num": NOT_SAID}, "planned_num", "end_is_not_planned"),
            Bad({"planned_num": 0}, "planned_num", "greater_than_equal"),
            Bad({"smallest_effect": 0}, "smallest_effect", "greater_than"),
            Bad({"smallest_effect": 100}, "smallest_effect", "effect_is_no_share"),
            Bad({"arms.1.successes": 102}, "arms.1.successes", "successes_above_trials"),
            Bad({"arms.1.num": -1}, "arms.1.num", "greater_than_equal"),
            Bad({"arms.1.name": "Long"}, "arms.1.name", "said_twice"),
            Bad({"arms.1.successes": NOT_SAID}, "arms.1.successes", "arm_of_shares", 409),
        ),
        "experiments",
    ),
    "experiment on means": Case(
        "/experiments/add?kind=mean",
        "/experiments",
        experiment_on_means,
        (
            Bad({"arms.0.spread": -1}, "arms.0.spread", "greater_than_equal"),
            Bad({"arms.0.spread": NOT_SAID}, "arms.0.spread", "arm_of_means", 409),
            Bad({"arms.0.mean": NOT_SAID}, "arms.0.mean", "arm_of_means", 409),
        ),
        "experiments",
    ),
    "settings": Case(
        "/account/settings/edit",
        "/workspace",
        workspace,
        (
            Bad({"name": NOT_SAID}, "name", "missing"),
            Bad({"num_periods": 0}, "num_periods", "greater_than_equal"),
            Bad({"weights.fill": 10**7}, "weights.fill", "less_than_equal"),
            Bad({"period": "day"}, "period", "period_is_in_use", 409),
        ),
    ),
    "need that shrinks": Case(
        "/needs/{need}/edit",
        "/needs/{need}",
        need,
        (Bad({"count": 1}, "count", "seats_are_agreed", 409),),
    ),
    "phase that moves": Case(
        "/projects/phases/{phase}/edit",
        "/phases/{phase}",
        lambda world: {**phase(world), "after_ids": []},
        (
            Bad({"after_ids": ["later"]}, "after_ids", "phases_in_a_circle", 409),
            Bad({"duration": 1}, "duration", "phase_too_short_for_need", 409),
        ),
    ),
    "objective": Case(
        "/objectives/of-project/{project}/add",
        "/projects/{project}/objectives",
        objective,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"target_value": NOT_SAID}, "target_value", "missing"),
            Bad({"target_value": -3}, "target_value", "count_is_negative"),
            Bad({"from_value": -0.5}, "from_value", "count_is_negative"),
            Bad({"target_value": 40}, "target_value", "nothing_to_reach"),
            Bad({"target_value": 1e10}, "target_value", "less_than_equal"),
            Bad({"by_on": "2026-09-01"}, "by_on", "ends_before_it_begins"),
            Bad({"measure_kind": "feeling"}, "measure_kind", "enum"),
        ),
        "objectives",
    ),
    "objective of the department": Case(
        "/objectives/department/add",
        "/objectives",
        objective,
        (Bad({"measure": NOT_SAID}, "measure", "missing"),),
        "objectives",
    ),
    "feedback": Case(
        "/feedback/add",
        "/feedback",
        feedback,
        (
            Bad({"text": NOT_SAID}, "text", "missing"),
            Bad({"text": "ok"}, "text", "string_too_short"),
            Bad({"text": "a\u202eb c"}, "text", "invisible_characters"),
            Bad({"sentiment": NOT_SAID}, "sentiment", "missing"),
            Bad({"sentiment": 6}, "sentiment", "less_than_equal"),
            Bad({"said_on": "2999-01-01"}, "said_on", "date_in_future"),
            Bad({"source": "gossip"}, "source", "enum"),
            Bad({"source": "link"}, "source", "only_clients_use_links", 409),
            Bad({"project_id": 987654, "phase_id": NOT_SAID}, "project_id", "choice_is_not_there", 409),
            Bad({"style_id": 987654}, "style_id", "choice_is_not_there", 409),
        ),
        "feedback",
    ),
    "idea": Case(
        "/ideas/add",
        "/ideas",
        idea,
        (
            Bad({"title": NOT_SAID}, "title", "missing"),
            Bad({"title": "x" * 201}, "title", "string_too_long"),
            Bad({"style_id": 987654}, "style_id", "choice_is_not_there", 409),
        ),
        "ideas",
    ),
    "import": Case(
        "/imports/{import}/columns",
        "/imports/{import}/columns",
        lambda _world: {"columns": ["title", ""], "is_clearing": True},
        (
            Bad({"columns": ["title", "title"]}, "columns.1", "column_is_mapped_twice", 409),
            Bad({"columns": ["", ""]}, "columns.0", "no_column_is_mapped", 409),
        ),
        shown="/imports/{import}",
    ),
}
ADDED = {noun: case for noun, case in CASES.items() if case.rows}
EDITED = {noun: case for noun, case in CASES.items() if not case.rows}


@dataclass
class Doors:
    """Both doors of one application, for the same user, and the rows behind them."""

    world: World
    client: CheckedClient
    program: Program
    names: dict[str, str]
    csrf_token: str

    def by_form(self, case: Case, said: World) -> TestResponse:
        path = case.page.format(**self.ids)
        data = dict(typed(said, self.names))
        if not case.rows:
            data["version"] = str(self.version(case))
        return self.client.post(path, data={"csrf_token": self.csrf_token, **data})

    def by_api(self, case: Case, said: World) -> TestResponse:
        path = case.address.format(**self.ids)
        if case.rows:
            return self.program.post(path, said, Idempotency_Key=str(id(said)))
        return self.program.put(path, said, version=self.version(case))

    def version(self, case: Case) -> int:
        return int(self.program.get((case.shown or case.address).format(**self.ids)).json["version"])

    def newest(self, case: Case) -> World:
        """The row that was made last, as the API shows it."""
        if case.rows == "absences":
            path = f"/people/{self.world['person'].id}"
            absences: list[World] = self.program.get(path).json["absences"]
            return max(absences, key=lambda row: row["id"])
        pages = self.program.get(f"/{case.rows}?size=100").json["items"]
        return max(pages, key=lambda row: row["id"])

    @property
    def ids(self) -> dict[str, int]:
        return {name: row.id for name, row in self.world.items()}


@pytest.fixture
def doors(app: Flask, session: Session, user: Callable[..., User], client_of: Callable[..., CheckedClient]) -> Doors:
    """A world in which every case has what it names, and an administrator at both doors."""
    me = user(RoleName.ADMINISTRATOR, RoleName.PROJECT_MANAGER)
    world = rows.world(session)
    other = Person(key="other", name="Other person", kind=PersonKind.EMPLOYEE)
    known = Skill(key="known-skill", name="Known skill")
    world["site"].name, world["scenario"].owner_id = "Known site", me.id
    world["import"].user_id = me.id
    session.add_all([other, known])
    session.commit()
    names = {f"skill_id={world['skill'].id}": world["skill"].name}
    names |= {f"person_id={row.id}": row.name for row in (world["person"], other)}
    names |= {f"owner_id={row.id}": row.name for row in (world["person"], other)}
    client = client_of(as_user=me)
    return Doors({**world, "other": other, "pm": me}, client, Program(app, me), names, client.token("/account"))


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.rows], ids=[n for n, c in CASES.items() if c.rows]
)
def test_the_same_row_comes_of_both_doors(doors: Doors, case: Case) -> None:
    said = case.good(doors.world)
    added = doors.by_api(case, said)
    assert added.status_code == 201, added.text
    told = doors.newest(case)
    if case.rows != "plans":  # else its name or its day is taken
        address = f"/{case.rows}/{told['id']}"
        assert doors.program.delete(address, version=told["version"]).status_code == 200
    form = doors.by_form(case, said)
    assert form.status_code == 303, re.findall(r'-error">[^<]*', form.text)
    assert plain(doors.newest(case)) == plain(told)


@pytest.mark.parametrize("case", EDITED.values(), ids=EDITED)
def test_the_same_edit_comes_of_both_doors(doors: Doors, case: Case) -> None:
    said, address = case.good(doors.world), (case.shown or case.address).format(**doors.ids)
    edited = doors.by_api(case, said)
    assert edited.status_code == 200, edited.text
    assert doors.by_form(case, said).status_code == 303
    again = doors.program.get(address).json
    assert again["version"] > edited.json["version"] or plain(again) == plain(edited.json)
    assert plain(again) == plain(edited.json)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_doors_refuse_in_the_same_words(doors: Doors, session: Session, case: Case) -> None:
    _hold_seats(session, doors.world)
    after = doors.program.post(f"/projects/{doors.world['project'].id}/phases", phase(doors.world)).json
    for language in ("en", "fr"):
        doors.program.language = language
        session.get_one(User, doors.world["pm"].id).locale = language
        session.commit()
        found = [told for bad in case.bad for told in _differing(doors, case, bad, after["id"])]
        assert found == []


def _differing(doors: Doors, case: Case, bad: Bad, after_id: int) -> Iterator[str]:
    """Where the doors do not answer a bad payload as they should, or not alike."""
    changes = {name: [after_id] if value == ["later"] else value for name, value in bad.changes.items()}
    told = doors.by_api(case, changed(case.good(doors.world), changes))
    typed_in = doors.by_form(case, changed(case.good(doors.world), changes, left_out=""))
    yield from differing(bad, told, typed_in)


def _hold_seats(session: Session, world: World) -> None:
    """Two seats of the need with somebody agreed on each, and the need as long as its phase."""
    need_row = world["need"]
    seat = Seat(key="second", need_id=need_row.id, number=2)
    need_row.count, need_row.to_offset = 2, 4
    session.add(seat)
    session.flush()
    for held, person_row in ((world["seat"], world["person"]), (seat, world["other"])):
        session.add(Booking(seat_id=held.id, person_id=person_row.id, booking=BookingKind.HARD))
    session.commit()
