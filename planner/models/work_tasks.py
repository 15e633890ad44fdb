"""Corridor work: task boards with their columns and iterations, tasks, and what two tasks have to do with each other.

A board is a project's, a phase's, or that of a process of the department: then it has a name and neither.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from planner.models.account import today
from planner.models.declarative import Base, Dated, Versioned, choice, now
from planner.models.hiring import Requisition
from planner.models.outcomes_feedback import Feedback
from planner.models.planning import Booking
from planner.models.staffing import Phase, Project, RoleNeed, Seat
from planner.models.staffing_people import Person

RANK_STEP = 1024  # between two cards that were added one after the other


class ColumnMeaning(StrEnum):
    """What standing in a column means for whoever counts."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"


class PairKind(StrEnum):
    """What somebody said of two tasks."""

    LINKED = "linked"
    NOT_ALIKE = "not_alike"


class TaskBoard(Versioned, Dated, Base):
    """Where the tasks of a project, of a phase or of a process of the department stand."""

    __tablename__ = "task_board"
    __table_args__ = (
        CheckConstraint("project_id IS NULL OR phase_id IS NULL", name="board_is_of_one"),
        CheckConstraint("length(trim(name)) > 0", name="board_has_a_name"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    own_project: Mapped[Project | None] = relationship()
    phase: Mapped[Phase | None] = relationship()
    columns: Mapped[list[TaskColumn]] = relationship(
        back_populates="board", cascade="all, delete-orphan", order_by="TaskColumn.position, TaskColumn.id"
    )
    iterations: Mapped[list[Iteration]] = relationship(
        back_populates="board", cascade="all, delete-orphan", order_by="Iteration.starts_on, Iteration.id"
    )
    team: Mapped[list[Booking]] = relationship(  # who holds a seat of its phase, or of any phase of its project
        secondary=lambda: Seat.__table__.join(RoleNeed.__table__).join(Phase.__table__),
        primaryjoin=lambda: or_(TaskBoard.phase_id == Phase.id, TaskBoard.project_id == Phase.project_id),
        secondaryjoin=lambda: and_(foreign(Booking.seat_id) == Seat.id, Booking.is_in_force),
        viewonly=True,
    )

    @property
    def project(self) -> Project | None:
        """The project that it is about; none for a process of the department."""
        return self.phase.project if self.phase is not None else self.own_project


class TaskColumn(Versioned, Base):
    """A column of a board, with how many tasks may stand there at once."""

    __tablename__ = "task_column"
    __table_args__ = (
        UniqueConstraint("id", "board_id"),
        CheckConstraint("wip_limit IS NULL OR wip_limit >= 1", name="limit_is_at_least_1"),
        CheckConstraint("length(trim(name)) > 0", name="column_has_a_name"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("task_board.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    meaning: Mapped[ColumnMeaning] = mapped_column(choice(ColumnMeaning, "meaning_is_known"))
    wip_limit: Mapped[int | None]
    board: Mapped[TaskBoard] = relationship(back_populates="columns")


class Iteration(Versioned, Base):
    """A sprint of a board: from a day to a day, both included, with what shall come of it."""

    __tablename__ = "iteration"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="ends_after_it_begins"),
        CheckConstraint("length(trim(name)) > 0", name="iteration_has_a_name"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("task_board.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    goal: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    board: Mapped[TaskBoard] = relationship(back_populates="iterations")


class Task(Versioned, Dated, Base):
    """A piece of work in a column of a board. It is its owner's; without one, whoever's who holds its seat in force.

    `rank` orders the cards of a column. One that was merged into another leads there and counts no more.
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(
            ["column_id", "board_id"],
            ["task_column.id", "task_column.board_id"],
            name="fk_task_column_id_board_id",
            ondelete="CASCADE",
        ),
        CheckConstraint("length(trim(title)) > 0", name="task_has_a_title"),
        CheckConstraint("estimate_h IS NULL OR estimate_h >= 0", name="estimate_is_not_negative"),
        CheckConstraint("actual_h >= 0", name="actual_is_not_negative"),
        CheckConstraint("starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on", name="due_after_it_begins"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        Index("ix_task_column_id_rank", "column_id", "rank"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("task_board.id", ondelete="CASCADE"), index=True)
    column_id: Mapped[int]
    rank: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"), index=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("phase.id", ondelete="SET NULL"), index=True)
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id", ondelete="SET NULL"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    iteration_id: Mapped[int | None] = mapped_column(ForeignKey("iteration.id", ondelete="SET NULL"), index=True)
    iteration_since_on: Mapped[date | None] = mapped_column(Date)
    estimate_h: Mapped[float | None]
    actual_h: Mapped[float] = mapped_column(default=0.0)
    starts_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(  # judged at the end: a board comes back row by row
        ForeignKey("task.id", ondelete="SET NULL", deferrable=True, initially="DEFERRED"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    board: Mapped[TaskBoard] = relationship()
    column: Mapped[TaskColumn] = relationship(primaryjoin=lambda: foreign(Task.column_id) == TaskColumn.id)
    owner: Mapped[Person | None] = relationship()
    seat: Mapped[Seat | None] = relationship()
    phase: Mapped[Phase | None] = relationship()
    requisition: Mapped[Requisition | None] = relationship()
    feedback: Mapped[Feedback | None] = relationship()
    iteration: Mapped[Iteration | None] = relationship()
    merged_into: Mapped[Task | None] = relationship(remote_side=lambda: Task.id)
    checklist: Mapped[list[TaskLine]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="TaskLine.position, TaskLine.id"
    )
    moves: Mapped[list[TaskMove]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="TaskMove.id"
    )
    holdings: Mapped[list[Booking]] = relationship(  # who holds its seat in force
        primaryjoin=lambda: and_(foreign(Booking.seat_id) == Task.seat_id, Booking.is_in_force),
        viewonly=True,
        order_by=lambda: Booking.id,
    )

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.done_on is None and self.merged_into_id is None

    @property
    def is_late(self) -> bool:
        """Whether it should have been done by now."""
        return self.is_open and self.due_on is not None and self.due_on < today()

    @property
    def left_h(self) -> float:
        """The hours that are left of its estimate; none without one."""
        return max(0.0, (self.estimate_h or 0.0) - self.actual_h) if self.is_open else 0.0

    @property
    def whose(self) -> Person | None:
        """Whose it is now: the owner's, else whoever's who holds its seat."""
        return self.owner or next((one.person for one in self.holdings), None)


class TaskLine(Base):
    """A line of a task's checklist."""

    __tablename__ = "task_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    is_done: Mapped[bool] = mapped_column(default=False)
    task: Mapped[Task] = relationship(back_populates="checklist")


class TaskMove(Base):
    """A task went from one column to another: who moved it, when, and why, where that went over a limit."""

    __tablename__ = "task_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_name: Mapped[str] = mapped_column(default="")
    from_name: Mapped[str] = mapped_column(default="")
    to_name: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    is_over_limit: Mapped[bool] = mapped_column(default=False)
    task: Mapped[Task] = relationship(back_populates="moves")


class TaskPair(Base):
    """What somebody said of two tasks: they belong together, or only look alike. The older one comes first."""

    __tablename__ = "task_pair"
    __table_args__ = (CheckConstraint("task_id < other_id", name="older_one_comes_first"),)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[PairKind] = mapped_column(choice(PairKind, "pair_is_known"))
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
