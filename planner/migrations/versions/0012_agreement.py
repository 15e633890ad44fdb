"""How people agree on plans and on role needs: steps, comments, who saw what, counter-offers; one plan is in force

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("need_step", "need_answer", "plan_reading", "plan_comment", "plan_step", "agreement")
STEPS = ("proposed", "changes_asked", "approved", "withdrawn", "put_in_force")
NEED_STEPS = ("asked", "accepted", "declined", "countered", "counter_accepted", "insisted", "withdrawn")
IN_FORCE = sa.text("in_force_since IS NOT NULL")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, types.Instant(timezone=True), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def holds(name: str, sentence: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sentence, name=name)


def create(table: str, *parts: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, whole("id"), *parts, key, sqlite_autoincrement=True)
    for column in indexes:
        op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    op.add_column(
        "workspace", sa.Column("is_agreed_by_two", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _create_tables_of_plans()
    _create_tables_of_needs()
    _say_what_is_in_force()
    op.create_index(
        "uq_plan_in_force", "plan", ["state"], unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )


def downgrade() -> None:
    op.drop_index("uq_plan_in_force", "plan")
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("workspace", "is_agreed_by_two")


def _create_tables_of_plans() -> None:
    op.create_table(
        "agreement",
        whole("plan_id"),
        sa.Column("state", choice("state_is_known", "draft", "proposed", "changes_asked", "approved"), nullable=False),
        whole("version_number"),
        whole("proposed_by_id", nullable=True),
        whole("in_force_version", nullable=True),
        holds("it_is_about_a_version", "version_number >= 1"),
        refers("agreement", "plan_id", "plan", "CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_agreement")),
    )
    op.create_index("ix_agreement_state", "agreement", ["state"])
    create(
        "plan_step", whole("plan_id"), whole("version_number"),
        sa.Column("kind", choice("kind_is_known", *STEPS), nullable=False),
        whole("by_id"), text("by_name"), instant("at"), text("reason"), whole("proposed_by_id", nullable=True),
        sa.Column("is_for_both_sides", sa.Boolean(), nullable=False),
        holds("a_named_person_takes_it", "by_name <> ''"),
        holds("somebody_else_approves", "kind <> 'approved' OR is_for_both_sides OR by_id <> proposed_by_id"),
        refers("plan_step", "plan_id", "plan", "CASCADE"),
        indexes=("plan_id",),
    )  # fmt: skip
    create(
        "plan_comment", whole("plan_id"), whole("version_number"), text("seat_key", nullable=True), text("text"),
        whole("by_id"), text("by_name"), instant("at"), instant("edited_at", nullable=True), whole("version"),
        holds("a_named_person_says_it", "by_name <> ''"),
        holds("it_says_something", "length(trim(text)) >= 1"),
        refers("plan_comment", "plan_id", "plan", "CASCADE"),
        indexes=("plan_id",),
    )  # fmt: skip
    create(
        "plan_reading", whole("plan_id"), whole("user_id"), whole("version_number"), instant("first_at"),
        instant("last_at"),
        refers("plan_reading", "plan_id", "plan", "CASCADE"),
        refers("plan_reading", "user_id", "user", "CASCADE"),
        sa.UniqueConstraint(
            "plan_id", "user_id", "version_number", name=op.f("uq_plan_reading_plan_id_user_id_version_number")
        ),
        indexes=("user_id",),
    )  # fmt: skip


def _create_tables_of_needs() -> None:
    states = ("asked", "accepted", "declined", "countered", "insisted", "withdrawn")
    create(
        "need_answer", whole("need_id"), sa.Column("state", choice("state_is_known", *states), nullable=False),
        whole("version"),
        refers("need_answer", "need_id", "role_need", "CASCADE"),
        sa.UniqueConstraint("need_id", name=op.f("uq_need_answer_need_id")),
        indexes=("state",),
    )  # fmt: skip
    create(
        "need_step", whole("answer_id"), sa.Column("kind", choice("kind_is_known", *NEED_STEPS), nullable=False),
        sa.Column("side", choice("side_is_known", "project", "operations"), nullable=False),
        whole("by_id"), text("by_name"), instant("at"), whole("waited_s"), text("reason"),
        sa.Column("offer", sa.JSON(none_as_null=True), nullable=True), whole("person_id", nullable=True),
        holds("a_named_person_says_it", "by_name <> ''"),
        holds("nobody_answers_before", "waited_s >= 0"),
        holds(
            "there_is_a_reason", "kind NOT IN ('declined', 'countered', 'insisted') OR length(trim(reason)) >= 3"
        ),
        holds("a_counter_offers_something", "kind <> 'countered' OR offer IS NOT NULL"),
        refers("need_step", "answer_id", "need_answer", "CASCADE"),
        refers("need_step", "person_id", "person", "SET NULL"),
        indexes=("answer_id", "person_id"),
    )  # fmt: skip


def _say_what_is_in_force() -> None:
    """The plan whose people were accepted last is in force as it stands; of more than one, which no verb makes, it."""
    bind, tables = op.get_bind(), sa.MetaData()
    plan, agreement, version = (
        sa.Table(name, tables, autoload_with=bind) for name in ("plan", "agreement", "plan_version")
    )
    in_force = sa.select(plan.c.id).where(plan.c.in_force_since.is_not(None), plan.c.state == "ready")
    last = bind.scalar(in_force.order_by(plan.c.in_force_since.desc()).limit(1))
    bind.execute(plan.update().where(plan.c.id != (last or 0)).values(in_force_since=None))
    if last is not None:
        number = bind.scalar(sa.select(sa.func.max(version.c.number)).where(version.c.plan_id == last))
        said = {"plan_id": last, "state": "approved", "version_number": number, "in_force_version": number}
        bind.execute(agreement.insert().values(said))
