"""Scenarios: what they change, with whom they are shared, and the plans that answer them

The plans' column is added in place: a batch would build the table anew on SQLite, and all that hangs on its plans
would go with the old one.

Revision ID: 0013
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROLES = ("administrator", "project_manager", "operations", "executive", "member", "compliance")
KINDS = ("workspace", "person", "project", "phase", "need", "rule")
STATES = ("changed", "added", "removed")


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("num_added", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_scenario_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scenario_owner_id", "scenario", ["owner_id"])
    _shares()
    _subjects()
    op.add_column("plan", sa.Column("scenario_id", sa.Integer(), nullable=True))
    op.create_index("ix_plan_scenario_id", "plan", ["scenario_id"])


def downgrade() -> None:
    op.execute("DELETE FROM plan WHERE scenario_id IS NOT NULL")
    op.drop_index("ix_plan_scenario_id", "plan")
    op.drop_column("plan", "scenario_id")
    for table in ("scenario_change", "scenario_subject", "scenario_share", "scenario"):
        op.drop_table(table)


def _shares() -> None:
    op.create_table(
        "scenario_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("role", _choice("role_is_known", ROLES), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("can_edit", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(role IS NULL) <> (user_id IS NULL)", name=op.f("ck_scenario_share_it_is_with_a_role_or_a_user")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_share_scenario_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_scenario_share_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_share")),
        sa.UniqueConstraint("scenario_id", "role", name=op.f("uq_scenario_share_scenario_id_role")),
        sa.UniqueConstraint("scenario_id", "user_id", name=op.f("uq_scenario_share_scenario_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scenario_share_user_id", "scenario_share", ["user_id"])


def _subjects() -> None:
    op.create_table(
        "scenario_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind_is_known", KINDS), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("state_is_known", STATES), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_subject_scenario_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_subject")),
        sa.UniqueConstraint(
            "scenario_id", "kind", "subject_id", name=op.f("uq_scenario_subject_scenario_id_kind_subject_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scenario_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=True),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_subject_id"],
            ["scenario_subject.id"],
            name=op.f("fk_scenario_change_scenario_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_change")),
        sa.UniqueConstraint(
            "scenario_subject_id", "field", name=op.f("uq_scenario_change_scenario_subject_id_field")
        ),
        sqlite_autoincrement=True,
    )


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
