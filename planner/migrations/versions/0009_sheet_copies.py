"""Sheets that leave and come back: what each left with, and what came back before it was taken

Revision ID: 0009
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("plan", "people", "skills", "absences", "projects", "needs", "candidates", "allocations")


def upgrade() -> None:
    kinds = sa.Enum(*KINDS, name="kind_is_known", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "sheet_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_sheet_copy_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_copy")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sheet_copy_made_at", "sheet_copy", ["made_at"])
    op.create_table(
        "sheet_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("came_at", types.Instant(timezone=True), nullable=False),
        sa.Column("came_by", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", types.Instant(timezone=True), nullable=True),
        sa.Column("version_before", sa.Integer(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("undone_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["sheet_copy.id"], name=op.f("fk_sheet_return_copy_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_sheet_return_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sheet_return_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_return")),
        sqlite_autoincrement=True,
    )
    for column in ("copy_id", "plan_id", "user_id"):
        op.create_index(f"ix_sheet_return_{column}", "sheet_return", [column])


def downgrade() -> None:
    op.drop_table("sheet_return")
    op.drop_table("sheet_copy")
