"""Alerts: kept while they last, snoozed or accepted with a reason, back when they are worse; whom they concern."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Alert,
    AlertKind,
    AlertLook,
    AlertState,
    AlertStep,
    AlertStepKind,
    AuditHead,
    NeedSkill,
    NotificationKind,
    Phase,
    Project,
    RoleName,
    RoleNeed,
    Seat,
    TeamRule,
    User,
    now,
    today,
)
from planner.schemas.work_alerts import AcceptAlertSaid, ReopenAlertSaid, SnoozeAlertSaid
from planner.services.editing import require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.work import notifying
from planner.services.work.alert_finding import Found, find
from planner.services.work.holdings import present

MOST_DAYS = 366
SEEING_ALL = frozenset({RoleName.OPERATIONS, RoleName.ADMINISTRATOR, RoleName.EXECUTIVE})
LISTED = (
    joinedload(Alert.person),
    joinedload(Alert.seat).joinedload(Seat.need).joinedload(RoleNeed.phase).joinedload(Phase.project),
    joinedload(Alert.skill),
    joinedload(Alert.team_rule).joinedload(TeamRule.phase).joinedload(Phase.project),
    joinedload(Alert.team_rule).joinedload(TeamRule.skill),
    joinedload(Alert.plan),
    selectinload(Alert.steps),
)


def is_stale(session: Session) -> bool:
    """Whether anything can have come up since the last look: something was written down, or a day has passed."""
    seen = session.get(AlertLook, 1)
    return seen is None or seen.on_day != today() or seen.entry_id != _last_entry(session)


@dataclass(frozen=True)
class Looked:
    """What was found, and what the audit trail's last entry was before."""

    entry_id: int
    found: Sequence[Found]


def looked(session: Session) -> Looked:
    """Looks through everything, and writes nothing: nobody need wait while it lasts."""
    return Looked(_last_entry(session), find(session))


def look(session: Session, seen: Looked | None = None) -> list[Alert]:
    """Keeps what is found, or was found just before; whoever it concerns is told of what is new or back.

    Returns the alerts that are new or back.
    """
    seen = seen or looked(session)
    present = {
        (one.kind, _ident(one)): one for one in session.scalars(select(Alert).options(selectinload(Alert.steps)))
    }
    risen = [alert for found in seen.found if (alert := _kept(session, present.pop(found.key, None), found))]
    for alert in present.values():
        _end(alert)
    last = session.get(AlertLook, 1) or AlertLook(id=1)
    last.entry_id, last.on_day, last.looked_at = seen.entry_id, today(), now()
    session.add(last)
    session.flush()
    _tell_all(session, risen)
    return risen


def snooze(session: Session, alert: Alert, said: SnoozeAlertSaid, version: int | None, *, by: User) -> Alert:
    """Lets an alert rest until a day. Raises Stale; Refused where it is over, or where that day is not ahead."""
    _require_open(alert, version)
    if not today() < said.until_on <= today() + timedelta(days=MOST_DAYS):
        raise Refused("day_is_not_ahead", field="until_on", most=MOST_DAYS)
    alert.state, alert.snoozed_until, alert.decided_num = AlertState.SNOOZED, said.until_on, alert.num
    return _noted(session, alert, AlertStepKind.SNOOZED, said.reason, by, until_on=said.until_on)


def accept(session: Session, alert: Alert, said: AcceptAlertSaid, version: int | None, *, by: User) -> Alert:
    """Says that an alert may stay as it is, and why. Raises Stale; Refused where it is over."""
    _require_open(alert, version)
    alert.state, alert.snoozed_until, alert.decided_num = AlertState.ACCEPTED, None, alert.num
    return _noted(session, alert, AlertStepKind.ACCEPTED, said.reason, by)


def reopen(session: Session, alert: Alert, said: ReopenAlertSaid, version: int | None, *, by: User) -> Alert:
    """Takes back that an alert may stay. Raises Stale; Refused where nobody has said so."""
    require_version(alert, version)
    if not alert.state.is_decided:
        raise Refused("alert_is_not_decided")
    _open(alert)
    return _noted(session, alert, AlertStepKind.REOPENED, said.reason, by)


def page_of_alerts(session: Session, query: Query, user: User) -> Page[Alert]:
    """Alerts as the URL asks for them: what is open, unless it asks for others; the worst of each kind first."""
    statement = select(Alert).options(*LISTED)
    if not query.value("state"):
        statement = statement.where(Alert.state == AlertState.OPEN)
    if query.value("whose") == "mine":
        statement = statement.where(Alert.id.in_(ids_for(session, user)))
    return paged(
        session,
        statement,
        query,
        sorts={"kind": Alert.kind, "num": Alert.num, "since": Alert.since, "worst": -Alert.num},
        default="worst",
        filters={
            "kind": lambda found, value: found.where(Alert.kind == value) if value in set(AlertKind) else found,
            "state": lambda found, value: found.where(Alert.state == value) if value in set(AlertState) else found,
            "project": lambda found, value: found.where(Alert.id.in_(_of_project(session, value))),
        },
    )


def counts(session: Session, ids: Collection[int] | None = None) -> dict[AlertKind, int]:
    """How many alerts of each kind are open, of all or of some."""
    statement = select(Alert.kind, func.count()).where(Alert.state == AlertState.OPEN).group_by(Alert.kind)
    if ids is not None:
        statement = statement.where(Alert.id.in_(ids))
    return dict(session.execute(statement).all())


def open_alerts(session: Session, **subject: Any) -> list[Alert]:
    """The open alerts about one thing, named by its column: the worst first."""
    [(column, ident)] = subject.items()
    statement = select(Alert).where(Alert.state == AlertState.OPEN, getattr(Alert, column) == ident)
    return list(session.scalars(statement.options(*LISTED).order_by(-Alert.num)))


def of_project(session: Session, project: Project, most: int = 20) -> list[Alert]:
    """The open alerts on seats and team rules of a project."""
    ids = _of_project(session, str(project.id))
    statement = select(Alert).where(Alert.state == AlertState.OPEN, Alert.id.in_(ids)).options(*LISTED)
    return list(session.scalars(statement.order_by(Alert.kind, -Alert.num).limit(most)))


def ids_for(session: Session, user: User) -> set[int]:
    """The open alerts that concern somebody: all of them for whoever runs the department, else those of one's own
    projects and their people."""
    rows = list(session.scalars(select(Alert).where(Alert.state == AlertState.OPEN)))
    if user.role_names & SEEING_ALL:
        return {alert.id for alert in rows}
    concerned = concerned_of(session, rows, [user])
    return {ident for ident, users in concerned.items() if users}


def concerned_of(session: Session, alerts: Sequence[Alert], users: Sequence[User]) -> dict[int, list[User]]:
    """By alert, whom of some users it concerns: those who run the department, and the managers of its projects."""
    pms = {alert.id: pm_ids for alert, pm_ids in _managers(session, alerts)}
    return {
        alert.id: [
            user
            for user in users
            if RoleName.OPERATIONS in user.role_names
            or (RoleName.PROJECT_MANAGER in user.role_names and (user.id in pms[alert.id] or alert.plan_id is not None))
        ]
        for alert in alerts
    }


def _managers(session: Session, alerts: Sequence[Alert]) -> Iterator[tuple[Alert, set[int]]]:
    """The managers of the projects that an alert is about: of the seat, the rule, the skill, the person's seats."""
    of_seat = _pairs(session, select(Seat.id, Project.pm_id).join(RoleNeed, RoleNeed.id == Seat.need_id), "need")
    of_rule = _pairs(session, select(TeamRule.id, Project.pm_id), "rule")
    of_skill = _pairs(
        session,
        select(NeedSkill.skill_id, Project.pm_id)
        .join(RoleNeed, RoleNeed.id == NeedSkill.need_id)
        .where(NeedSkill.is_must),
        "need",
    )
    of_person = _of_people(session, of_seat)
    for alert in alerts:
        yield (
            alert,
            (
                of_seat.get(alert.seat_id or 0, set())
                | of_rule.get(alert.team_rule_id or 0, set())
                | of_skill.get(alert.skill_id or 0, set())
                | of_person.get(alert.person_id or 0, set())
            ),
        )


def _pairs(session: Session, statement: Any, by: str) -> dict[int, set[int]]:
    phase_id = RoleNeed.phase_id if by == "need" else TeamRule.phase_id
    joined = statement.join(Phase, Phase.id == phase_id).join(Project, Project.id == Phase.project_id)
    found: dict[int, set[int]] = {}
    for ident, pm_id in session.execute(joined.where(Project.pm_id.is_not(None)).distinct()):
        found.setdefault(ident, set()).add(pm_id)
    return found


def _of_people(session: Session, of_seat: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """By person, the managers of the projects on which they hold a seat in force."""
    found: dict[int, set[int]] = {}
    for one in present(session).held:
        if one.person_id is not None:
            found.setdefault(one.person_id, set()).update(of_seat.get(one.seat.seat_id, ()))
    return found


def _of_project(session: Session, value: str) -> set[int]:
    ident = int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
    seats = select(Seat.id).join(RoleNeed).join(Phase).where(Phase.project_id == ident)
    rules = select(TeamRule.id).join(Phase).where(Phase.project_id == ident)
    return set(session.scalars(select(Alert.id).where(Alert.seat_id.in_(seats) | Alert.team_rule_id.in_(rules))))


def _kept(session: Session, alert: Alert | None, found: Found) -> Alert | None:
    """Keeps what was found; the alert where it is new, or back because it is worse or has slept enough."""
    if alert is None:
        alert = Alert(kind=found.kind, num=found.num, facts=found.facts, **{found.subject: found.ident})
        session.add(alert)
        return alert
    was_over = alert.state is AlertState.OVER
    is_back = (alert.decided_num is not None and found.num > alert.decided_num) or (
        alert.snoozed_until is not None and alert.snoozed_until <= today()
    )
    if (alert.num, alert.facts) != (found.num, found.facts):
        alert.num, alert.facts = found.num, found.facts
    if is_back:
        alert.steps.append(AlertStep(kind=AlertStepKind.CAME_BACK, num=found.num))
    if was_over:
        alert.since = now()
    if is_back or was_over:
        _open(alert)
        return alert
    return None


def _end(alert: Alert) -> None:
    if alert.state is not AlertState.OVER:
        _open(alert)
        alert.state = AlertState.OVER


def _open(alert: Alert) -> None:
    alert.state, alert.snoozed_until, alert.decided_num = AlertState.OPEN, None, None


def _tell_all(session: Session, risen: Sequence[Alert]) -> None:
    """Tells everybody of the worst of what concerns them and has come up, and of how many more there are: once for
    each look. All of them stand on their first page."""
    if not risen:
        return
    users = list(session.scalars(select(User).where(User.active).order_by(User.id)))
    concerned = concerned_of(session, risen, users)
    worst_first = sorted(risen, key=lambda alert: (-alert.num, alert.id))
    for user in users:
        mine = [alert for alert in worst_first if user in concerned[alert.id]]
        if mine:
            detail = {"num_more": len(mine) - 1}
            notifying.notify(session, [user], NotificationKind.ALERT, mine[0], by=None, detail=detail)


def _require_open(alert: Alert, version: int | None) -> None:
    require_version(alert, version)
    if alert.state is AlertState.OVER:
        raise Refused("alert_is_over")


def _noted(
    session: Session, alert: Alert, kind: AlertStepKind, reason: str, by: User, *, until_on: Any = None
) -> Alert:
    alert.steps.append(
        AlertStep(kind=kind, by_id=by.id, by_name=by.name, reason=reason, until_on=until_on, num=alert.num)
    )
    session.flush()
    return alert


def _ident(alert: Alert) -> int:
    return next(
        ident
        for ident in (alert.person_id, alert.seat_id, alert.skill_id, alert.team_rule_id, alert.plan_id)
        if ident is not None
    )


def _last_entry(session: Session) -> int:
    return session.scalar(select(AuditHead.entry_id)) or 0
