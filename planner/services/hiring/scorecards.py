"""Scorecards: rating a candidate on the requisition's own criteria, each rater by themselves until theirs is in.

What the raters agree on afterwards goes into the candidate's profile, with its source, so that planning counts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, median_low

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.models import (
    AgreedRating,
    Candidate,
    PersonSkill,
    PersonStyle,
    RatedKind,
    Rating,
    RatingSource,
    Scorecard,
    Skill,
    User,
    WorkStyle,
    now,
    today,
)
from planner.schemas.hiring_scorecards import AgreedSaid, RatingSaid, ScorecardSaid, ScoreSaid
from planner.services.editing import require_version, touch
from planner.services.hiring.criteria import Criterion, criteria_shown
from planner.services.hiring.terms import current
from planner.services.refused import Refused
from planner.services.staffing.projects import workspace_of

APART = 2.0  # levels or steps between two raters that are worth a talk


@dataclass(frozen=True)
class View:
    """What one user may see of a candidate's scorecards: their own, and the others' once their own is in."""

    own: Scorecard | None
    others: Sequence[Scorecard]
    num_hidden: int

    is_open: bool  # whether the others' may be read


@dataclass(frozen=True)
class Compared:
    """One criterion, what each rater gave it, and what is in the profile by now."""

    line: Criterion
    scores: Sequence[tuple[str, float, str]]  # rater, score, evidence
    agreed: AgreedRating | None

    @property
    def middle(self) -> float | None:
        """The median: what is offered to be agreed on. Levels are whole: of two in the middle the lower one."""
        scores = [score for _rater, score, _evidence in self.scores]
        if not scores:
            return None
        return median_low(scores) if self.line.kind == "skill" else median(scores)

    @property
    def is_apart(self) -> bool:
        """Whether raters saw it differently enough to talk about it."""
        scores = [score for _rater, score, _evidence in self.scores]
        return len(scores) > 1 and max(scores) - min(scores) >= APART


def kit_of(session: Session, candidate: Candidate) -> list[Criterion]:
    """What a rater looks for: the skills and work styles that the requisition asks for."""
    if candidate.requisition is None:
        return []
    lines = criteria_shown(session, candidate.requisition)
    return [line for line in lines if line.kind in ("skill", "style") and line.row is not None]


def view_of(session: Session, candidate: Candidate, user: User, *, may_rate: bool) -> View:
    """The scorecards that a user may read. Who may rate and has not done so sees no one else's."""
    cards = _cards(session, candidate)
    own = next((card for card in cards if card.rater_id == user.id), None)
    others = [card for card in cards if card is not own and card.submitted_at is not None]
    is_shut = may_rate and (own is None or not own.is_in)
    return View(own, () if is_shut else others, len(others) if is_shut else 0, not is_shut)


def save_scorecard(
    session: Session, candidate: Candidate, said: ScorecardSaid, version: int | None, *, by: User
) -> Scorecard:
    """Keeps a rater's scorecard, or hands it in. Raises Stale; Refused where theirs is in, or a criterion is not asked.

    The first time there is no version to have read.
    """
    card = _own(session, candidate, by)
    if card.id is not None:
        require_version(card, version)
    if card.is_in:
        raise Refused("scorecard_is_in")
    _require_asked(session, candidate, said.ratings)
    terms = current(candidate.requisition) if candidate.requisition is not None else None
    card.note, card.terms_id = said.note, terms.id if terms is not None else None
    _fill(card, said.ratings)
    if said.is_submitted:
        if not said.ratings:
            raise Refused("scorecard_is_empty", field="ratings")
        card.submitted_at = now()
    session.add(card)
    touch(session, card)
    return card


def pass_scorecard(session: Session, candidate: Candidate, *, by: User) -> Scorecard:
    """Reads the others' without rating: after that no rating of theirs would be their own. Raises Refused."""
    card = _own(session, candidate, by)
    if card.submitted_at is not None:
        raise Refused("scorecard_is_in")
    card.is_passed = True
    session.add(card)
    session.flush()
    return card


def compared(session: Session, candidate: Candidate) -> list[Compared]:
    """Every criterion with what the raters gave it, those seen differently first."""
    scores: dict[tuple[str, str], list[tuple[str, float, str]]] = defaultdict(list)
    for card in _cards(session, candidate):
        for rating in card.ratings if card.submitted_at is not None else ():
            scores[rating.kind, rating.key].append((card.rater_name, rating.score, rating.evidence))
    agreed = {
        (row.kind, row.key): row
        for row in session.scalars(select(AgreedRating).where(AgreedRating.candidate_id == candidate.id))
    }
    lines = [
        Compared(line, scores[RatedKind(line.kind), line.name], agreed.get((RatedKind(line.kind), line.name)))
        for line in kit_of(session, candidate)
    ]
    return sorted(lines, key=lambda line: not line.is_apart)


def agree(session: Session, candidate: Candidate, said: AgreedSaid, version: int | None, *, by: User) -> Candidate:
    """Writes what was agreed on into the profile, with interview as its source and the raters' names.

    Raises Stale; Refused where a criterion is not asked, or nobody has rated it.
    """
    require_version(candidate, version)
    _require_asked(session, candidate, said.scores)
    raters: dict[tuple[str, str], list[str]] = defaultdict(list)
    for card in _cards(session, candidate):
        for rating in card.ratings if card.submitted_at is not None else ():
            raters[rating.kind, rating.key].append(card.rater_name)
    for n, line in enumerate(said.scores):
        if not raters[line.kind, line.key]:
            raise Refused("nobody_has_rated", field=f"scores.{n}.score")
        _write_agreed(session, candidate, line, raters[line.kind, line.key], by)
        _write_profile(session, candidate, line, raters[line.kind, line.key])
    touch(session, candidate.person)
    touch(session, candidate)
    return candidate


def _cards(session: Session, candidate: Candidate) -> list[Scorecard]:
    statement = select(Scorecard).where(Scorecard.candidate_id == candidate.id).options(selectinload(Scorecard.ratings))
    return list(session.scalars(statement.order_by(Scorecard.id)))


def _own(session: Session, candidate: Candidate, by: User) -> Scorecard:
    if by.person_id is not None and by.person_id == candidate.person_id:
        raise Refused("nobody_decides_on_themselves")
    statement = select(Scorecard).where(Scorecard.candidate_id == candidate.id, Scorecard.rater_id == by.id)
    found = session.scalars(statement).one_or_none()
    return found or Scorecard(candidate_id=candidate.id, rater_id=by.id, rater_name=by.name)


def _require_asked(session: Session, candidate: Candidate, scores: Iterable[ScoreSaid]) -> None:
    """A rating is of a criterion of the requisition, and on the workspace's scale."""
    asked = {(line.kind, line.name) for line in kit_of(session, candidate)}
    most = workspace_of(session).level_max
    for n, line in enumerate(scores):
        if (line.kind, line.key) not in asked:
            raise Refused("criterion_is_not_asked", field=f"ratings.{n}.key")
        if line.kind is RatedKind.SKILL and line.score > most:
            raise Refused("level_over_scale", field=f"ratings.{n}.score", most=most)


def _fill(card: Scorecard, said: Iterable[RatingSaid]) -> None:
    """Makes the ratings of a card those that were said; what stays keeps its row."""
    present = {(row.kind, row.key): row for row in card.ratings}
    for line in said:
        row = present.pop((line.kind, line.key), None)
        if row is None:
            row = Rating(kind=line.kind, key=line.key)
            card.ratings.append(row)
        row.score, row.evidence = line.score, line.evidence
    for row in present.values():
        card.ratings.remove(row)


def _write_agreed(session: Session, candidate: Candidate, line: ScoreSaid, raters: list[str], by: User) -> None:
    is_this = (
        AgreedRating.candidate_id == candidate.id,
        AgreedRating.kind == line.kind,
        AgreedRating.key == line.key,
    )
    row = session.scalars(select(AgreedRating).where(*is_this)).one_or_none()
    row = row or AgreedRating(candidate_id=candidate.id, kind=line.kind, key=line.key)
    row.score, row.raters, row.agreed_by, row.agreed_at = line.score, list(dict.fromkeys(raters)), by.name, now()
    session.add(row)


def _write_profile(session: Session, candidate: Candidate, line: ScoreSaid, raters: list[str]) -> None:
    """The person's own row: what planning reads."""
    person, names = candidate.person, ", ".join(dict.fromkeys(raters))
    if line.kind is RatedKind.SKILL:
        skill_id = session.scalars(select(Skill.id).where(Skill.key == line.key)).one()
        held = next((row for row in person.skills if row.skill_id == skill_id), None)
        if line.score == 0:
            if held is not None:
                person.skills.remove(held)
            return
        if held is None:
            held = PersonSkill(skill_id=skill_id)
            person.skills.append(held)
        held.level, held.source, held.rated_on = int(line.score), RatingSource.INTERVIEW, today()
        return
    style_id = session.scalars(select(WorkStyle.id).where(WorkStyle.key == line.key)).one()
    scored = next((row for row in person.styles if row.style_id == style_id), None)
    if scored is None:
        scored = PersonStyle(style_id=style_id)
        person.styles.append(scored)
    scored.score, scored.source, scored.rated_on = line.score, RatingSource.INTERVIEW, today()
    scored.rater = names[:200]
