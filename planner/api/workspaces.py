"""The workspace: what holds for everything, the whole of it as a staffing problem, and what was removed."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown, with_version
from planner.api.operations import edited, operation
from planner.models import Removal, Workspace
from planner.schemas.account import RemovalSeen, UserSeen, WorkspaceSaid, WorkspaceSeen
from planner.schemas.planning_files import CountsSeen, ProblemFileSaid
from planner.services import removal as removals
from planner.services.account import workspace as verbs
from planner.services.planning import files

TAG = _("Workspace")
REPLACING = {"is_replacing": ({"type": "boolean", "default": False}, _("Whether what is here may be replaced."))}


def init(pages: Blueprint) -> None:
    """Registers the routes of the workspace."""
    pages.get("/workspace")(workspace_show)
    pages.put("/workspace")(workspace_edit)
    pages.get("/problem")(problem_download)
    pages.put("/problem")(problem_load)
    pages.get("/removals/<int:removal_id>")(removal_show)
    pages.post("/removals/<int:removal_id>/restore")(removal_restore)
    pages.get("/me")(me_show)


@operation("workspace.see", tag=TAG, summary=_("Workspace: show"), gives=WorkspaceSeen)
def workspace_show() -> Response:
    return shown(_workspace(), WorkspaceSeen)


@operation(
    "workspace.edit",
    tag=TAG,
    summary=_("Workspace: edit"),
    takes=WorkspaceSaid,
    gives=WorkspaceSeen,
    is_versioned=True,
    can_be_refused=True,
)
def workspace_edit() -> Response:
    workspace, said = _workspace(), asking.said(WorkspaceSaid)
    session = db.session()
    return edited(
        workspace, WorkspaceSeen, lambda version: verbs.edit_workspace(session, workspace, said, version), said
    )


@operation(
    "workspace.download",
    tag=TAG,
    summary=_("Workspace: all of it as a staffing problem"),
    contract_given="staffing-problem/1",
    can_be_refused=True,
)
def problem_download() -> Response:
    return with_version(jsonify(files.workspace_document(db.session())), None)


@operation(
    "workspace.load",
    tag=TAG,
    summary=_("Workspace: bring a staffing problem in"),
    about=_("All of it or nothing. Where something is here already, say that it may be replaced."),
    contract_taken="staffing-problem/1",
    gives=CountsSeen,
    can_be_refused=True,
    parameters=REPLACING,
)
def problem_load() -> Response:
    said = asking.asked(ProblemFileSaid)
    db.let_go()
    problem = files.read_problem(asking.body(None))
    counts = files.load_problem(db.session(), problem, is_replacing=said.is_replacing, by=asking.actor().name)
    db.session().commit()
    return shown(counts, CountsSeen)


@operation("removal.see", Removal, tag=TAG, summary=_("Removals: show one"), gives=RemovalSeen)
def removal_show(removal: Removal) -> Response:
    return shown(removal, RemovalSeen)


@operation(
    "removal.restore",
    Removal,
    tag=TAG,
    summary=_("Removals: bring back what was removed"),
    gives=RemovalSeen,
    can_be_refused=True,
)
def removal_restore(removal: Removal) -> Response:
    removals.restore(db.session(), removal)
    db.session().commit()
    return shown(removal, RemovalSeen)


@operation("own_account.see", tag=TAG, summary=_("You: the user for whom this token acts"), gives=UserSeen)
def me_show() -> Response:
    return shown(asking.actor(), UserSeen)


def _workspace() -> Workspace:
    found = verbs.workspace_of(db.session())
    if found is None:
        raise access.Hidden("workspace")
    return found
