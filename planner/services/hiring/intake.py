"""What comes in about candidates: read in the bounded child, kept as a draft, and taken only as a person confirms it.

Skills are matched to the catalogue by name and alias; no level is guessed. Who is known by their e-mail is never
changed or doubled silently: the one who confirms chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from planner.exchange import bounded
from planner.models import (
    Attachment,
    Candidate,
    EventKind,
    Intake,
    IntakeKind,
    IntakeState,
    Notice,
    Person,
    PersonKind,
    PersonSkill,
    RatingSource,
    Requisition,
    Skill,
    User,
    fold,
    today,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.hiring_intake import ConfirmedSaid, IntakeSaid
from planner.services.editing import require_version, touch
from planner.services.hiring.anonymity import is_hidden
from planner.services.hiring.candidates import OPEN_TO_CANDIDATES, add_candidate, note
from planner.services.hiring.notices import note_shown
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused

MOST_BYTES = 12 * 2**20  # of a file
CV_READER = "planner.exchange.resumes.cv:read_cv"
JSON_READER = "planner.exchange.resumes.json_resume:read_json_resume"
ALIKE = 90  # of 100: near enough to be offered
SHORTEST = 3  # letters of a name that is looked for in a text


@dataclass(frozen=True)
class Matched:
    """A skill of the catalogue, and the words by which it was found; sure where they are its name or an alias."""

    skill: Skill
    words: str
    is_sure: bool


def read(data: bytes, file_name: str) -> tuple[IntakeKind, dict[str, Any]]:
    """The draft in a file of anybody's. It may take seconds: no lock should be held meanwhile.

    Raises Refused where the file cannot be read, and says why.
    """
    if len(data) > MOST_BYTES:
        raise Refused("cv_too_large", field="file", most=MOST_BYTES // 2**20)
    is_json = file_name.lower().endswith(".json") or data.lstrip()[:1] == b"{"
    try:
        draft = bounded.read(JSON_READER if is_json else CV_READER, data)
    except bounded.Unread as error:
        raise Refused(error.code, field="file") from error
    if draft["fault"]:
        raise Refused(draft["fault"], field="file")
    return IntakeKind.JSON_RESUME if is_json else IntakeKind.CV, draft


def read_text(text: str) -> dict[str, Any]:
    """The draft in a pasted text. Raises Refused."""
    if not text.strip():
        raise Refused("nothing_came_in", field="text")
    return read(text.encode(), "")[1]


def keep(
    session: Session,
    said: IntakeSaid,
    kind: IntakeKind,
    draft: dict[str, Any],
    *,
    data: bytes | None = None,
    file_name: str = "",
    by: User | None = None,
) -> Intake:
    """Keeps a draft until a person confirms or drops it. Raises Refused where the requisition takes nobody."""
    _require_open(session, said.requisition_id)
    intake = Intake(
        requisition_id=said.requisition_id,
        kind=kind,
        draft=draft,
        data=data,
        file_name=file_name[:200],
        came_by=by.name if by is not None else "",
    )
    session.add(intake)
    session.flush()
    return intake


def page_of_intakes(session: Session, query: Query) -> Page[Intake]:
    """What came in, the latest first; what waits, unless the URL asks for all."""
    return paged(
        session,
        select(Intake).options(joinedload(Intake.requisition), joinedload(Intake.candidate)),
        query,
        sorts={"came": Intake.came_at, "id": Intake.id},
        default="id",
        search=(Intake.file_name, Intake.came_by),
        filters={"state": _in_state},
    )


def matched_skills(session: Session, draft: dict[str, Any]) -> tuple[list[Matched], list[str]]:
    """The skills of the catalogue that a draft names, and the words for which there is none."""
    catalogue = list(session.scalars(select(Skill).order_by(Skill.name)))
    by_word = {fold(word): skill for skill in catalogue for word in _words_of(skill)}
    found: dict[int, Matched] = {}
    unknown = []
    for words in draft.get("skills", []):
        skill = by_word.get(fold(words).strip())
        if skill is not None:
            found.setdefault(skill.id, Matched(skill, words, is_sure=True))
        elif (
            near := process.extractOne(fold(words), by_word.keys(), scorer=fuzz.WRatio, score_cutoff=ALIKE)
        ) is not None:
            skill = by_word[near[0]]
            found.setdefault(skill.id, Matched(skill, words, is_sure=False))
        else:
            unknown.append(words)
    text = f" {' '.join(_tokens(draft.get('text', '')))} "
    for word, skill in by_word.items():
        if skill.id not in found and len(word) >= SHORTEST and f" {' '.join(_tokens(word))} " in text:
            found[skill.id] = Matched(skill, word, is_sure=True)
    return sorted(found.values(), key=lambda one: (not one.is_sure, fold(one.skill.name))), unknown


def people_known(session: Session, email: str) -> list[Person]:
    """Everyone with an e-mail address, capitals aside."""
    if not email:
        return []
    return list(session.scalars(select(Person).where(func.lower(Person.email) == email.lower()).order_by(Person.id)))


def confirm(session: Session, intake: Intake, said: ConfirmedSaid, version: int | None, *, by: User) -> Candidate:
    """Takes a draft as a person confirms it: a new candidate, or what is new about one who is known.

    Raises Stale; Refused where it was confirmed or dropped before, where the address is somebody's and nobody has
    chosen, and like `candidates.add_candidate`.
    """
    require_version(intake, version)
    if intake.state is not IntakeState.WAITING:
        raise Refused("intake_is_over")
    candidate = _merged(session, said, by) if said.merge_into is not None else _added(session, intake, said, by)
    _attach(session, intake, candidate, by)
    notice = session.get(Notice, intake.notice_id) if intake.notice_id is not None else None
    if notice is not None:
        note_shown(session, candidate, notice, "application")
    intake.state, intake.candidate_id = IntakeState.CONFIRMED, candidate.id
    _empty(intake)
    touch(session, intake)
    return candidate


def drop(session: Session, intake: Intake, version: int | None) -> Intake:
    """Takes nothing of what came in; draft and file are gone. Raises Stale and Refused."""
    require_version(intake, version)
    if intake.state is not IntakeState.WAITING:
        raise Refused("intake_is_over")
    intake.state = IntakeState.DROPPED
    _empty(intake)
    touch(session, intake)
    return intake


def attachments_of(session: Session, candidate: Candidate) -> Sequence[Attachment]:
    """A candidate's files, without their bytes; none where this reader must not know who the candidate is."""
    if is_hidden(candidate):
        return ()
    return session.scalars(
        select(Attachment).where(Attachment.candidate_id == candidate.id).order_by(Attachment.id)
    ).all()


def _in_state(found: Select[Any], value: str) -> Select[Any]:
    states = [state for state in IntakeState if state.value == value]
    return found.where(Intake.state.in_(states))


def _words_of(skill: Skill) -> Iterable[str]:
    return (word for word in (skill.name, skill.name_fr, *skill.aliases) if word)


def _tokens(text: str) -> list[str]:
    """The words of a text in small letters without accents; signs that are part of names of skills stay."""
    return "".join(c if c.isalnum() or c in "+#./" else " " for c in fold(text)).replace(". ", " ").split()


def _require_open(session: Session, requisition_id: int | None) -> None:
    if requisition_id is None:
        return
    requisition = session.get(Requisition, requisition_id)
    if requisition is None:
        raise Refused("choice_is_not_there", field="requisition_id")
    if requisition.state not in OPEN_TO_CANDIDATES:
        raise Refused("requisition_is_over", field="requisition_id", number=requisition.number)


def _added(session: Session, intake: Intake, said: ConfirmedSaid, by: User) -> Candidate:
    """A new candidate. Where the address is somebody's, it must have been said that this is another person."""
    known = people_known(session, said.email)
    if known and not said.is_another_person:
        raise Refused("email_is_known", field="email", name=known[0].name)
    return add_candidate(
        session,
        CandidateSaid(
            name=said.name,
            email=said.email,
            languages=said.languages,
            note=said.note,
            requisition_id=said.requisition_id,
            source=SOURCES[intake.kind],
            applied_on=intake.came_at.date(),
            skills=[
                {"skill_id": line.skill_id, "level": line.level, "source": RatingSource.CV, "rated_on": today()}
                for line in said.skills
            ],
        ),
        by=by,
    )


def _merged(session: Session, said: ConfirmedSaid, by: User) -> Candidate:
    """What is new about a candidate who is known; nothing that was there changes."""
    candidate = session.get(Candidate, said.merge_into)
    if candidate is None or candidate.person.kind is not PersonKind.CANDIDATE:
        raise Refused("choice_is_not_there", field="merge_into")
    person = candidate.person
    held = {row.skill_id for row in person.skills}
    person.skills.extend(
        PersonSkill(skill_id=line.skill_id, level=line.level, source=RatingSource.CV, rated_on=today())
        for line in said.skills
        if line.skill_id not in held
    )
    person.languages = list(dict.fromkeys([*person.languages, *said.languages]))
    person.email = person.email or said.email
    candidate.note = "\n\n".join(text for text in (candidate.note, said.note) if text)
    if said.requisition_id is not None and said.requisition_id != candidate.requisition_id:
        _require_open(session, said.requisition_id)
        note(candidate, EventKind.REASSIGNED, by=by)
        candidate.requisition_id = said.requisition_id
    touch(session, person)
    touch(session, candidate)
    return candidate


def _attach(session: Session, intake: Intake, candidate: Candidate, by: User) -> None:
    """Keeps the file that came, with its text; a pasted text is in the note already."""
    if intake.data is None:
        return
    session.add(
        Attachment(
            candidate_id=candidate.id,
            name=intake.file_name or "cv",
            text=str(intake.draft.get("text", "")),
            data=intake.data,
            added_by=by.name,
        )
    )


def _empty(intake: Intake) -> None:
    intake.data, intake.draft, intake.message, intake.file_name = None, {}, "", ""


SOURCES = {
    IntakeKind.JSON_RESUME: "JSON Resume",
    IntakeKind.CV: "CV",
    IntakeKind.TEXT: "",
    IntakeKind.APPLICATION: "Application page",
}
