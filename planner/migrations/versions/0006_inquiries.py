"""Questions about a plan that take solving again, answered by the same jobs that make plans

SQLite builds `job` anew for the sake of the reference; nothing refers to a job, so nothing goes with the old table.

Revision ID: 0006
Revises: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kinds = sa.Enum("openings", "declines", name="kind_is_known", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("asked_at", types.Instant(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_inquiry_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inquiry_plan_id", "inquiry", ["plan_id"])
    with op.batch_alter_table("job", **_anew()) as batch:
        batch.add_column(sa.Column("inquiry_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_job_inquiry_id", "inquiry", ["inquiry_id"], ["id"], ondelete="CASCADE")
        batch.create_index("ix_job_inquiry_id", ["inquiry_id"])


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE inquiry_id IS NOT NULL")
    added = sa.Column("inquiry_id", sa.Integer(), nullable=True)
    refers = sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name="fk_job_inquiry_id", ondelete="CASCADE")
    op.drop_index("ix_job_inquiry_id", "job")
    with op.batch_alter_table("job", **_anew(added, refers)) as batch:
        batch.drop_constraint("fk_job_inquiry_id", type_="foreignkey")
        batch.drop_column("inquiry_id")
    op.drop_table("inquiry")


def _anew(*more: sa.schema.SchemaItem) -> dict[str, Any]:
    """The table as it stands, with its checks, which SQLite's reflection leaves out."""
    states = ("queued", "running", "retrying", "done", "failed", "cancelled")
    table = sa.Table(
        "job",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("started_at", types.Instant(timezone=True), nullable=True),
        sa.Column("heartbeat_at", types.Instant(timezone=True), nullable=True),
        sa.Column("finished_at", types.Instant(timezone=True), nullable=True),
        sa.Column("is_cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("failure_values", sa.JSON(), nullable=True),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, states))})", name="ck_job_state_is_known"),
        sa.CheckConstraint("attempts BETWEEN 0 AND 3", name="ck_job_attempts_are_at_most_3"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_job_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.Index("ix_job_plan_id", "plan_id"),
        sa.Index("ix_job_state", "state"),
        *more,
        sqlite_autoincrement=True,
    )
    return {"copy_from": table, "table_kwargs": {"sqlite_autoincrement": True}}
