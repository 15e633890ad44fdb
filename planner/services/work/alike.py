"""Tasks of different teams that overlap, or are the same: pointed out with a score and why, judged by a person.

Two open tasks are compared where they stand on boards of different teams, are for the same client (or one of them is
for none), and their weeks overlap. They are alike by their titles, and by their texts where both have one: the title
counts for seven tenths. What somebody has linked, merged or set apart is not pointed out again.

Every pair of 2000 tasks would be two million comparisons. Tasks that are alike share words: each is filed under the
rarest words of its title, by their first letters, and only those who meet there are compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Phase, Project, Task, TaskBoard, TaskPair, fold
from planner.services.work.boards import IS_OPEN

ALIKE = 70  # percent from which two are pointed out
TITLE_AT_LEAST = 60  # of the titles alone: the same text under another title is another task
TITLE_SHARE = 0.7
STEM = 5  # letters by which words are the same for filing
FILED_UNDER = 4  # of the rarest words of a title
MOST_SHOWN = 100
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is compared of a task."""

    id: int
    title: str
    text: str
    team: tuple[str, int]
    client: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two tasks that seem to be the same, the older one first: how alike in percent, and in what.

    `client` is the one that both are for, folded; empty where one of them is for none that is said.
    """

    task_id: int
    other_id: int
    score: int
    title_pct: int
    text_pct: int | None
    client: str
    from_on: date | None
    to_on: date | None


def alike_tasks(session: Session, *, about: Task | None = None) -> list[Likeness]:
    """The pairs of open tasks that seem to be the same, the most alike first; `about` one of them, where it is said."""
    judged = {(row.task_id, row.other_id) for row in session.execute(select(TaskPair.task_id, TaskPair.other_id))}
    found = likenesses(_pieces(session), about_id=about.id if about is not None else None)
    return [one for one in found if (one.task_id, one.other_id) not in judged]


def likenesses(pieces: Sequence[Piece], *, about_id: int | None = None) -> list[Likeness]:
    """The pairs of pieces that are alike enough, the most alike first; one piece is compared with every other."""
    by_id = {piece.id: piece for piece in pieces}
    folded = {piece.id: _plain(piece.title) for piece in pieces}
    texts = {piece.id: _plain(piece.text) for piece in pieces}
    found = []
    for one, other in _meetings(folded) if about_id is None else _pairs_with(about_id, folded):
        first, second = by_id[one], by_id[other]
        if first.team == second.team or not _same_client(first, second) or not _overlap(first, second):
            continue
        title = fuzz.token_sort_ratio(folded[one], folded[other], score_cutoff=TITLE_AT_LEAST)
        if not title:
            continue
        text = fuzz.token_set_ratio(texts[one], texts[other]) if texts[one] and texts[other] else None
        score = title if text is None else TITLE_SHARE * title + (1 - TITLE_SHARE) * text
        if score >= ALIKE:
            found.append(_likeness(first, second, score, title, text))
    return sorted(found, key=lambda like: (-like.score, like.task_id, like.other_id))


def _likeness(first: Piece, second: Piece, score: float, title: float, text: float | None) -> Likeness:
    begins = [day for day in (first.from_on, second.from_on) if day is not None]
    ends = [day for day in (first.to_on, second.to_on) if day is not None]
    return Likeness(
        first.id,
        second.id,
        round(score),
        round(title),
        None if text is None else round(text),
        first.client if first.client == second.client else "",
        max(begins, default=None),
        min(ends, default=None),
    )


def _pairs_with(ident: int, titles: dict[int, str]) -> Iterator[tuple[int, int]]:
    return ((min(ident, other), max(ident, other)) for other in titles if ident in titles and other != ident)


def _meetings(titles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """The pairs that share one of their rarest words, each once, the older one first."""
    words = {ident: {word[:STEM] for word in _WORD.findall(title)} for ident, title in titles.items()}
    common = Counter(word for some in words.values() for word in some)
    filed: dict[str, list[int]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for ident in sorted(words):
        for word in sorted(words[ident], key=lambda one: (common[one], one))[:FILED_UNDER]:
            for other in filed[word]:
                if (other, ident) not in seen:
                    seen.add((other, ident))
                    yield other, ident
            filed[word].append(ident)


def _same_client(one: Piece, other: Piece) -> bool:
    """A task of the department, or of a project without a client, may be about anybody's work."""
    return not one.client or not other.client or one.client == other.client


def _overlap(one: Piece, other: Piece) -> bool:
    return _begins_in_time(one, other) and _begins_in_time(other, one)


def _begins_in_time(one: Piece, other: Piece) -> bool:
    return one.from_on is None or other.to_on is None or one.from_on <= other.to_on


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _pieces(session: Session) -> list[Piece]:
    """What there is to compare: open tasks, each with the team whose board it stands on and the client."""
    of_phase = Project.__table__.alias("of_phase")
    statement = (
        select(
            Task.id,
            Task.title,
            Task.text,
            Task.board_id,
            Task.phase_id,
            Task.starts_on,
            Task.due_on,
            TaskBoard.phase_id.label("board_phase_id"),
            Project.client.label("client"),
            of_phase.c.client.label("phase_client"),
        )
        .join(TaskBoard, TaskBoard.id == Task.board_id)
        .outerjoin(Project, Project.id == TaskBoard.project_id)
        .outerjoin(Phase, Phase.id == TaskBoard.phase_id)
        .outerjoin(of_phase, of_phase.c.id == Phase.project_id)
        .where(IS_OPEN)
        .order_by(Task.id)
    )
    return [
        Piece(
            row.id,
            row.title,
            row.text,
            _team(row.board_phase_id or row.phase_id, row.board_id),
            fold(row.client or row.phase_client or ""),
            row.starts_on,
            row.due_on,
        )
        for row in session.execute(statement)
    ]


def _team(phase_id: int | None, board_id: int) -> tuple[str, int]:
    """Whose task it is: a phase's team, else whoever works by the board."""
    return ("team", phase_id) if phase_id is not None else ("board", board_id)
