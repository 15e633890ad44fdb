"""Whether somebody may do something, by the table of rights. May not see: as if it were not there (404). May see but
not do: 403.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from planner.models import (
    Absence,
    ActualEffort,
    Alert,
    Candidate,
    ClientLink,
    Comment,
    Experiment,
    Feedback,
    Idea,
    Iteration,
    Metric,
    MetricPoint,
    Objective,
    ObjectiveReading,
    Person,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleName,
    RoleNeed,
    Scenario,
    Seat,
    Task,
    TaskBoard,
    TaskColumn,
    TeamRule,
    TemplateUse,
    WorkStyle,
)
from planner.rights import ANY, CORRIDOR_OF, OPS, OWN, READING, RULES

# what people talk about, and the noun whose rights count there
TALKED_ABOUT: Mapping[type, str] = {
    Alert: "alert",
    Candidate: "candidate",
    Feedback: "feedback",
    Idea: "idea",
    Objective: "objective",
    Phase: "project",
    Plan: "plan",
    Project: "project",
    Requisition: "requisition",
    RoleNeed: "need",
    Seat: "need",
    Task: "task",
    WorkStyle: "style",
}
# what a row hangs on, a step at a time up to its project
HANGS_ON: Mapping[type, str] = {
    ActualEffort: "need",
    Candidate: "requisition",
    ClientLink: "project",
    Experiment: "project",
    Feedback: "project",
    Iteration: "board",
    Metric: "project",
    MetricPoint: "metric",
    Objective: "project",
    Phase: "project",
    Requisition: "need",
    RoleNeed: "phase",
    Seat: "need",
    Task: "board",
    TaskBoard: "project",
    TaskColumn: "board",
    TeamRule: "phase",
    TemplateUse: "phase",
}
OWNERS_ALONE = frozenset({"scenario.share", "scenario.remove"})
OF_THE_PM = frozenset({"board.edit", "board.remove"})  # a board is its team's, and its PM's to arrange


class Actor(Protocol):
    """Whoever acts: a user, by cookie or by token."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def role_names(self) -> frozenset[RoleName]: ...


class Hidden(Exception):
    """The subject may not be seen: it is as if it were not there."""


class Forbidden(Exception):
    """The subject may be seen, but this may not be done to it."""


def allowed(actor: Actor, action: str, subject: Any = None) -> bool:
    """Whether an actor may do something, to this subject where one is given. Raises KeyError on an unknown action."""
    reaches = {RULES[action].get(role) for role in actor.role_names}
    if isinstance(subject, Scenario):
        return OWN in reaches and is_shared(actor, action, subject)
    if isinstance(subject, Plan) and not _is_open(actor, action, subject):
        return False
    if action in OF_THE_PM and subject is not None:
        return ANY in reaches or (OWN in reaches and _is_pm(actor, subject))
    if isinstance(subject, Comment) and not allowed(actor, _seen_at(subject), subject.about):
        return False
    if isinstance(subject, Idea):
        return ANY in reaches or (OWN in reaches and _is_own_idea(actor, action, subject))
    return ANY in reaches or (OWN in reaches and (subject is None or is_own(actor, subject)))


def scope_of(action: str) -> str:
    """The scope that a token needs for an action. Raises KeyError on a noun of no corridor."""
    noun, _dot, verb = action.partition(".")
    return f"{CORRIDOR_OF[noun]}:{'read' if verb in READING else 'write'}"


def reaches_any(actor: Actor, action: str) -> bool:
    """Whether an actor may do something to whatever there is, and not only to their own."""
    return any(RULES[action].get(role) is ANY for role in actor.role_names)


def require(actor: Actor, action: str, subject: Any = None) -> None:
    """Raises Hidden where the actor may not even see, Forbidden where they may see but not do."""
    if allowed(actor, action, subject):
        return
    see = f"{action.partition('.')[0]}.see"
    raise Forbidden(action) if see in RULES and allowed(actor, see, subject) else Hidden(action)


def is_own(actor: Actor, subject: Any) -> bool:
    """Whether a subject is the actor's own: a project that they manage and all below it, or the person they are.

    A board is its team's, too; a task is also whoever's whose work it is, or who added it. A requisition for no
    project is whoever's who drafted it. Candidates are never their own: others decide on them.
    """
    if isinstance(subject, Person):
        return subject.id == actor.person_id
    if isinstance(subject, Absence):
        return subject.person_id == actor.person_id
    if isinstance(subject, Task):
        return _is_theirs(actor, subject)
    if isinstance(subject, TaskBoard | TaskColumn | Iteration):
        return _is_pm(actor, subject) or _is_on_team(actor, subject)
    if isinstance(subject, Comment):
        return subject.by_id == actor.id
    if isinstance(subject, ObjectiveReading):
        subject = subject.objective
    project = _project_of(subject)
    if project is not None:
        return project.pm_id == actor.id
    if isinstance(subject, Objective):
        return OPS in actor.role_names
    if isinstance(subject, Feedback):
        return subject.by_id is not None and subject.by_id == actor.id
    requisition = subject.requisition if isinstance(subject, Candidate) else subject
    if isinstance(requisition, Requisition):
        return requisition.opened_by_id == actor.id
    owner_id = getattr(subject, "user_id", None)
    return owner_id is not None and owner_id == actor.id


def is_shared(actor: Actor, action: str, scenario: Scenario) -> bool:
    """Whether a scenario's owner lets an actor do something to it: to see it, to change it; the rest is the owner's."""
    if scenario.owner_id is not None and scenario.owner_id == actor.id:
        return True
    shares = [row for row in scenario.shares if row.user_id == actor.id or row.role in actor.role_names]
    if action in OWNERS_ALONE:
        return False
    verb = action.partition(".")[2]
    return bool(shares) if verb in READING else any(row.can_edit for row in shares)


def _is_own_idea(actor: Actor, action: str, idea: Idea) -> bool:
    """Whose idea it is: whoever had it edits it, and whoever manages its project decides on it."""
    if action == "idea.decide":
        return idea.project is not None and idea.project.pm_id == actor.id
    return idea.by_id is not None and idea.by_id == actor.id


def _is_open(actor: Actor, action: str, plan: Plan) -> bool:
    """Whether a plan is one of what is there, or of a scenario that is shared with an actor."""
    if plan.scenario_id is None:
        return True
    return plan.scenario is not None and is_shared(actor, action, plan.scenario)


def _is_theirs(actor: Actor, task: Task) -> bool:
    whose = task.whose
    is_whose = whose is not None and whose.id == actor.person_id
    is_added = task.created_by_id is not None and task.created_by_id == actor.id
    return is_whose or is_added or _is_pm(actor, task) or _is_on_team(actor, task.board)


def _is_on_team(actor: Actor, subject: TaskBoard | TaskColumn | Iteration) -> bool:
    board = subject if isinstance(subject, TaskBoard) else subject.board
    return actor.person_id is not None and any(row.person_id == actor.person_id for row in board.team)


def _is_pm(actor: Actor, subject: Any) -> bool:
    project = _project_of(subject)
    return project is not None and project.pm_id == actor.id


def _seen_at(comment: Comment) -> str:
    """What its reader must be allowed."""
    return f"{TALKED_ABOUT[type(comment.about)]}.see"


def _project_of(subject: Any) -> Project | None:
    while subject is not None and not isinstance(subject, Project):
        above = HANGS_ON.get(type(subject))
        subject = getattr(subject, above) if above is not None else None
    return subject
