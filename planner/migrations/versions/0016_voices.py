"""Objectives with their readings, what clients say and by which link, ideas with their votes and what became of them

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "objective_link", "objective_reading", "objective", "idea_outcome", "idea_vote", "idea", "feedback", "client_link",
)  # fmt: skip
SERVING = ("project_id", "phase_id", "need_id", "idea_id")
SOURCES = ("link", "meeting", "call", "mail", "survey", "support", "other")


def choice(column: str, name: str, *values: str) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, types.Instant(timezone=True), nullable=nullable)


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.Double(), nullable=False)


def day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def truth(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def holds(name: str, sentence: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sentence, name=name)


def once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def create(table: str, *parts: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, whole("id"), *parts, key, sqlite_autoincrement=True)
    for column in indexes:
        op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    _create_feedback()
    _create_ideas()
    _create_objectives()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_feedback() -> None:
    create(
        "client_link", text("link_hash"), whole("project_id"), whole("phase_id", nullable=True), text("note"),
        truth("is_single_use"), whole("num_used"), instant("used_at", nullable=True), instant("made_at"),
        text("made_by"), instant("expires_at"), instant("ended_at", nullable=True),
        holds("uses_are_not_negative", "num_used >= 0"),
        holds("one_answer_where_it_is_for_one", "NOT is_single_use OR num_used <= 1"),
        refers("client_link", "project_id", "project", "CASCADE"),
        refers("client_link", "phase_id", "phase", "SET NULL"),
        once("client_link", "link_hash"),
        indexes=("project_id", "phase_id"),
    )  # fmt: skip
    create(
        "feedback", whole("project_id", nullable=True), whole("phase_id", nullable=True),
        whole("seat_id", nullable=True), whole("skill_id", nullable=True), whole("style_id", nullable=True),
        text("text"), whole("sentiment"), choice("source", "source_is_known", *SOURCES), text("said_by"),
        day("said_on"), choice("state", "state_is_known", "new", "looked_at", "idea", "done", "no_action"),
        text("state_reason"), text("state_by"), instant("state_at", nullable=True), whole("link_id", nullable=True),
        whole("by_id", nullable=True), text("by_name"), truth("is_sample"), whole("version"), instant("created_at"),
        instant("changed_at"),
        holds("sentiment_is_1_to_5", "sentiment BETWEEN 1 AND 5"),
        holds("it_says_something", "length(trim(text)) >= 1"),
        holds("there_is_a_reason", "state <> 'no_action' OR length(trim(state_reason)) >= 3"),
        refers("feedback", "project_id", "project", "CASCADE"), refers("feedback", "phase_id", "phase", "SET NULL"),
        refers("feedback", "seat_id", "seat", "SET NULL"), refers("feedback", "skill_id", "skill", "SET NULL"),
        refers("feedback", "style_id", "work_style", "SET NULL"),
        refers("feedback", "link_id", "client_link", "SET NULL"), refers("feedback", "by_id", "user", "SET NULL"),
        indexes=("project_id", "phase_id", "seat_id", "skill_id", "style_id", "said_on", "state", "link_id", "by_id"),
    )  # fmt: skip


def _create_ideas() -> None:
    create(
        "idea", text("title"), text("text"), whole("project_id", nullable=True), whole("skill_id", nullable=True),
        whole("style_id", nullable=True), whole("feedback_id", nullable=True),
        choice("state", "state_is_known", "new", "considered", "accepted", "declined", "done"), text("state_reason"),
        text("state_by"), instant("state_at", nullable=True), whole("by_id", nullable=True), text("by_name"),
        truth("is_sample"), whole("version"), instant("created_at"), instant("changed_at"),
        holds(
            "a_named_person_decides_with_a_reason",
            "state IN ('new', 'considered') OR (length(trim(state_reason)) >= 3 AND state_by <> '')",
        ),
        refers("idea", "project_id", "project", "SET NULL"), refers("idea", "skill_id", "skill", "SET NULL"),
        refers("idea", "style_id", "work_style", "SET NULL"), refers("idea", "feedback_id", "feedback", "SET NULL"),
        refers("idea", "by_id", "user", "SET NULL"),
        indexes=("project_id", "skill_id", "style_id", "feedback_id", "state", "by_id"),
    )  # fmt: skip
    op.create_table(
        "idea_vote",
        whole("idea_id"),
        whole("user_id"),
        instant("at"),
        refers("idea_vote", "idea_id", "idea", "CASCADE"),
        refers("idea_vote", "user_id", "user", "CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "user_id", name=op.f("pk_idea_vote")),
    )
    op.create_index("ix_idea_vote_user_id", "idea_vote", ["user_id"])
    create(
        "idea_outcome", whole("idea_id"), choice("kind", "kind_is_known", "template", "criterion", "other"),
        text("text"), text("address"), whole("need_id", nullable=True), text("by_name"), instant("at"),
        holds("it_says_what", "length(trim(text)) >= 1"),
        holds("address_is_ours", "address = '' OR address LIKE '/%'"),
        refers("idea_outcome", "idea_id", "idea", "CASCADE"),
        refers("idea_outcome", "need_id", "role_need", "SET NULL"),
        indexes=("idea_id", "need_id"),
    )  # fmt: skip


def _create_objectives() -> None:
    create(
        "objective", whole("project_id", nullable=True), text("title"), text("why"), text("measure"),
        choice("measure_kind", "measure_kind_is_known", "count", "percent", "number"), text("unit"),
        number("from_value"), number("target_value"), day("from_on"), day("by_on"),
        choice("source", "source_is_known", "readings", "tasks", "metric"),
        choice("state", "state_is_known", "open", "reached", "missed", "dropped"), text("state_reason"),
        text("state_by"), instant("state_at", nullable=True), truth("is_sample"), whole("version"),
        instant("created_at"), instant("changed_at"),
        holds("there_is_a_way_to_go", "from_value <> target_value"),
        holds("it_ends_after_it_begins", "from_on < by_on"),
        holds("counts_are_not_negative", "measure_kind = 'number' OR (from_value >= 0 AND target_value >= 0)"),
        holds("there_is_a_reason", "state = 'open' OR length(trim(state_reason)) >= 3"),
        refers("objective", "project_id", "project", "CASCADE"),
        indexes=("project_id", "by_on", "state"),
    )  # fmt: skip
    create(
        "objective_reading", whole("objective_id"), number("value"), day("read_on"), text("note"), text("by_name"),
        instant("at"),
        holds("a_named_person_reads", "by_name <> ''"),
        refers("objective_reading", "objective_id", "objective", "CASCADE"),
        indexes=("objective_id",),
    )  # fmt: skip
    create(
        "objective_link", whole("objective_id"), *(whole(name, nullable=True) for name in SERVING),
        holds("exactly_one_serves", f"{' + '.join(f'CASE WHEN {n} IS NULL THEN 0 ELSE 1 END' for n in SERVING)} = 1"),
        refers("objective_link", "objective_id", "objective", "CASCADE"),
        refers("objective_link", "project_id", "project", "CASCADE"),
        refers("objective_link", "phase_id", "phase", "CASCADE"),
        refers("objective_link", "need_id", "role_need", "CASCADE"),
        refers("objective_link", "idea_id", "idea", "CASCADE"),
        *(once("objective_link", "objective_id", name) for name in SERVING),
        indexes=SERVING,
    )  # fmt: skip
