"""Questions why: more kinds of inquiries, and the seat and the person that one is about

Revision ID: 0014
Revises: 0006
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("openings", "declines")
AFTER = (*BEFORE, "why", "nobody", "prices", "others", "weights", "unknowns")


def upgrade() -> None:
    with op.batch_alter_table("inquiry", **_anew(BEFORE)) as batch:
        batch.add_column(sa.Column("subject", sa.Text(), nullable=False, server_default=""))
        _know(batch, AFTER)
    with op.batch_alter_table("inquiry", **_anew(AFTER, _subject())) as batch:
        batch.alter_column("subject", server_default=None)


def downgrade() -> None:
    inquiry = sa.table("inquiry", sa.column("id"), sa.column("kind"))
    is_gone = inquiry.c.kind.in_(AFTER[len(BEFORE) :])
    job = sa.table("job", sa.column("inquiry_id"))
    op.execute(job.delete().where(job.c.inquiry_id.in_(sa.select(inquiry.c.id).where(is_gone))))
    op.execute(inquiry.delete().where(is_gone))
    with op.batch_alter_table("inquiry", **_anew(AFTER, _subject())) as batch:
        _know(batch, BEFORE)
        batch.drop_column("subject")


def _know(batch: Any, kinds: tuple[str, ...]) -> None:
    """Knows other kinds than before."""
    batch.drop_constraint(op.f("ck_inquiry_kind_is_known"), type_="check")
    batch.create_check_constraint(op.f("ck_inquiry_kind_is_known"), _rule(kinds))


def _subject() -> sa.Column[str]:
    return sa.Column("subject", sa.Text(), nullable=False)


def _rule(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(map(repr, kinds))})"


def _anew(kinds: tuple[str, ...], *more: sa.schema.SchemaItem) -> dict[str, Any]:
    """The table as it stands, with its check, which SQLite's reflection leaves out."""
    table = sa.Table(
        "inquiry",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("asked_at", types.Instant(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(_rule(kinds), name="ck_inquiry_kind_is_known"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_inquiry_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry"),
        sa.Index("ix_inquiry_plan_id", "plan_id"),
        *more,
        sqlite_autoincrement=True,
    )
    return {"copy_from": table, "table_kwargs": {"sqlite_autoincrement": True}}
