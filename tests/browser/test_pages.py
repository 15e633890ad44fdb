"""Every page, in Chromium: nothing that axe finds, nothing too wide, nothing from elsewhere, no complaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import walking
from agencies import Agency
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, PHONE, Watch
from playwright.sync_api import Page
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from planner import login
from planner.models import (
    Absence,
    Candidate,
    ExchangeRate,
    Person,
    PersonKind,
    Phase,
    Plan,
    PlanState,
    Project,
    Requisition,
    RoleName,
    RoleNeed,
    Seat,
    Site,
    Skill,
    TeamRule,
    User,
    WorkStyle,
)

pytestmark = pytest.mark.browser

NO_PAGES = {
    "hiring_candidates.candidate_stage": "leads to the candidate, whose page has its form",
    "hiring_requisitions.requisition_state": "leads to the requisition, whose page has its form",
    "home.administrator_add": "leads on once there is an administrator",
    "home.company_choose": "leads on once there is a company",
    "home.health": "is JSON",
    "home.link_follow": "leads on",
    "planning_exports.plan_export": "is a file",
    "planning_plans.plan_progress": "is a fragment of the page of a plan that is made",
    "planning_problem.problem_download": "is a file",
    "security.mf_recovery": "leads on without a login that waits for its second half",
    "security.tf_select": "leads on without a login that waits for its second half",
    "security.two_factor_rescue": "leads on without a login that waits for its second half",
    "security.two_factor_token_validation": "leads on without a login that waits for its second half",
    "staffing_needs.need_answer": "is a fragment of the form of a role need",
    "staffing_skills.skill_near_duplicates": "is a fragment of the form of a skill",
    "static": "is a file",
}
OF_NOBODY = ("security.forgot_password", "security.login", "security.reset_password")
QUERIES: dict[str, list[dict[str, str]]] = {
    "staffing_projects.rule_add": [{}, {"rule": "count", "of": "style"}, {"rule": "together"}, {"rule": "mean"}],
    "planning_plans.plan_people": [{}, {"view": "table"}],
}
ROWS: dict[str, Select[Any]] = {
    "absence": select(Absence),
    "candidate": select(Candidate),
    "need": select(RoleNeed).where(RoleNeed.skills.any(), RoleNeed.styles.any()),
    "person": select(Person).where(Person.kind == PersonKind.EMPLOYEE),
    "phase": select(Phase).where(Phase.latest_on > Phase.earliest_on),
    "plan": select(Plan).where(Plan.state == PlanState.READY),
    "project": select(Project),
    "rate": select(ExchangeRate),
    "requisition": select(Requisition),
    "rule": select(TeamRule),
    "site": select(Site),
    "skill": select(Skill),
    "style": select(WorkStyle),
    "user": select(User),
}


@pytest.fixture(scope="module")
def waiting_plan(agency: Agency) -> int:
    """A plan that is still to be made."""
    return agency.ask("waiting")


@pytest.mark.parametrize(
    ("look", "size", "language"), [("light", DESKTOP, "en"), ("dark", PHONE, "fr")], ids=["desktop", "phone"]
)
def test_every_page_is_well_made(
    look: str, size: dict[str, int], language: str, agency: Agency, open_page: Callable[..., Page], waiting_plan: int
) -> None:
    """As light as a desktop's; as dark and narrow as a telephone's, in the language of the longer words."""
    agency.speak(language)
    faults: list[str] = []
    of_users = [*paths_of_users(agency), f"/plans/{waiting_plan}"]
    for role, paths in ((None, paths_of_nobody(agency)), (RoleName.ADMINISTRATOR, of_users)):
        page = open_page(role, color_scheme=look, viewport=size, locale=language)
        watch = Watch(page, agency.base)
        for path in paths:
            faults += [f"{path}: {fault}" for fault in faults_of(page, watch, agency.base, path)]
    assert not faults, "\n".join(["", *faults])


def faults_of(page: Page, watch: Watch, base: str, path: str) -> list[str]:
    answer = page.goto(base + path)
    assert answer is not None
    if answer.status != 200 or urlsplit(page.url).path != urlsplit(path).path:
        return [f"{answer.status} {page.url}: no page, say so in NO_PAGES if that is meant"]
    broken = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in broken for node in rule["nodes"][:3]] + watch.faults()


def paths_of_users(agency: Agency) -> list[str]:
    """A page of each kind for somebody who is logged in and may do everything."""
    with Session(agency.engine) as session:
        world = {name: session.scalars(wanted).first() for name, wanted in ROWS.items()}
        world["seat"] = session.scalars(select(Seat).where(Seat.key == world["plan"].allocations[0].seat_key)).one()
        missing = [name for name, row in world.items() if row is None]
        assert not missing, f"the sample company lacks {missing}"
        return [
            walking.path_of(rule, world) + (f"?{urlencode(query)}" if query else "")
            for rule in rules(agency)
            if rule.endpoint not in OF_NOBODY
            for query in QUERIES.get(rule.endpoint, [{}])
        ]


def paths_of_nobody(agency: Agency) -> list[str]:
    """The pages before a login, one of them behind a link by which a password is set."""
    with agency.app.test_request_context(base_url=agency.base):
        link = login.password_link(agency.user(RoleName.OPERATIONS))
    return ["/login", "/reset", urlsplit(link).path]


def rules(agency: Agency) -> list[Rule]:
    """The rules that answer a browser's GET with a page."""
    return [
        rule
        for rule in sorted(agency.app.url_map.iter_rules(), key=str)
        if "GET" in (rule.methods or ()) and not walking.is_api(rule) and rule.endpoint not in NO_PAGES
    ]


def test_what_is_no_page_is_still_there(agency: Agency) -> None:
    endpoints = {rule.endpoint for rule in agency.app.url_map.iter_rules()}
    assert {*NO_PAGES, *OF_NOBODY, *QUERIES} <= endpoints
