"""Task boards with their columns and iterations, tasks, and what two tasks have to do with each other

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MEANINGS = ("todo", "doing", "done")
PAIRS = ("linked", "not_alike")
TABLES = ("task_pair", "task_move", "task_line", "task", "iteration", "task_column", "task_board")


def upgrade() -> None:
    _boards()
    _tasks()
    _parts()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _boards() -> None:
    op.create_table(
        "task_board",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        *_common(is_dated=True),
        sa.CheckConstraint("project_id IS NULL OR phase_id IS NULL", name=op.f("ck_task_board_board_is_of_one")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_task_board_board_has_a_name")),
        _key("task_board", "project_id", "project", "CASCADE"),
        _key("task_board", "phase_id", "phase", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_board")),
        sqlite_autoincrement=True,
    )
    _index("task_board", "name", "project_id", "phase_id")
    op.create_table(
        "task_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.String(32), nullable=False),
        sa.Column("wip_limit", sa.Integer(), nullable=True),
        *_common(),
        _known("task_column", "meaning", MEANINGS, "meaning_is_known"),
        sa.CheckConstraint("wip_limit IS NULL OR wip_limit >= 1", name=op.f("ck_task_column_limit_is_at_least_1")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_task_column_column_has_a_name")),
        _key("task_column", "board_id", "task_board", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_column")),
        sa.UniqueConstraint("id", "board_id", name=op.f("uq_task_column_id_board_id")),
        sqlite_autoincrement=True,
    )
    _index("task_column", "board_id")
    op.create_table(
        "iteration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *_common(),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_iteration_ends_after_it_begins")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_iteration_iteration_has_a_name")),
        _key("iteration", "board_id", "task_board", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iteration")),
        sqlite_autoincrement=True,
    )
    _index("iteration", "board_id")


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("requisition_id", sa.Integer(), nullable=True),
        sa.Column("feedback_id", sa.Integer(), nullable=True),
        sa.Column("iteration_id", sa.Integer(), nullable=True),
        sa.Column("iteration_since_on", sa.Date(), nullable=True),
        sa.Column("estimate_h", sa.Double(), nullable=True),
        sa.Column("actual_h", sa.Double(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        *_common(is_dated=True),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_task_task_has_a_title")),
        sa.CheckConstraint("estimate_h IS NULL OR estimate_h >= 0", name=op.f("ck_task_estimate_is_not_negative")),
        sa.CheckConstraint("actual_h >= 0", name=op.f("ck_task_actual_is_not_negative")),
        sa.CheckConstraint(
            "starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on", name=op.f("ck_task_due_after_it_begins")
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_task_merged_into_another")
        ),
        _key("task", "board_id", "task_board", "CASCADE"),
        sa.ForeignKeyConstraint(
            ["column_id", "board_id"],
            ["task_column.id", "task_column.board_id"],
            name="fk_task_column_id_board_id",
            ondelete="CASCADE",
        ),
        _key("task", "owner_id", "person", "SET NULL"),
        _key("task", "seat_id", "seat", "SET NULL"),
        _key("task", "phase_id", "phase", "SET NULL"),
        _key("task", "requisition_id", "requisition", "SET NULL"),
        _key("task", "feedback_id", "feedback", "SET NULL"),
        _key("task", "iteration_id", "iteration", "SET NULL"),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["task.id"],
            name=op.f("fk_task_merged_into_id"),
            ondelete="SET NULL",
            deferrable=True,
            initially="DEFERRED",
        ),
        _key("task", "created_by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    _index("task", "board_id", "owner_id", "seat_id", "phase_id", "requisition_id", "iteration_id", "due_on")
    _index("task", "feedback_id", "merged_into_id")
    op.create_index("ix_task_column_id_rank", "task", ["column_id", "rank"])


def _parts() -> None:
    op.create_table(
        "task_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        _key("task_line", "task_id", "task", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_line")),
        sqlite_autoincrement=True,
    )
    _index("task_line", "task_id")
    op.create_table(
        "task_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_over_limit", sa.Boolean(), nullable=False),
        _key("task_move", "task_id", "task", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_move")),
        sqlite_autoincrement=True,
    )
    _index("task_move", "task_id")
    op.create_table(
        "task_pair",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        _known("task_pair", "kind", PAIRS, "pair_is_known"),
        sa.CheckConstraint("task_id < other_id", name=op.f("ck_task_pair_older_one_comes_first")),
        _key("task_pair", "task_id", "task", "CASCADE"),
        _key("task_pair", "other_id", "task", "CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "other_id", name=op.f("pk_task_pair")),
    )
    _index("task_pair", "other_id")


def _common(*, is_dated: bool = False) -> list[sa.Column[object]]:
    dates = ("created_at", "changed_at") if is_dated else ()
    columns = [sa.Column(name, types.Instant(timezone=True), nullable=False) for name in dates]
    return [sa.Column("version", sa.Integer(), nullable=False), *columns]


def _key(table: str, column: str, parent: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _known(table: str, column: str, values: tuple[str, ...], name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=op.f(f"ck_{table}_{name}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
