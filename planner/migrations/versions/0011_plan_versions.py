"""Versions of plans: each plan that is ready begins with its standing of now as version 1

Revision ID: 0011
Revises: 0006
"""

import json
import zlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = ("existing", "answer", "file", "by_hand", "agreed", "released", "merged", "restored")


def upgrade() -> None:
    kinds = sa.Enum(*KINDS, name="kind_is_known", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("objective", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("num_filled", sa.Integer(), nullable=False),
        sa.Column("num_hires", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name="numbers_begin_at_1"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_plan_version_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
        sqlite_autoincrement=True,
    )
    _keep_what_stands()


def downgrade() -> None:
    op.drop_table("plan_version")


def _keep_what_stands() -> None:
    """Version 1 of every plan that is ready: what it says now, made by whoever asked for it."""
    bind, tables = op.get_bind(), sa.MetaData()
    plan, version, user = (sa.Table(name, tables, autoload_with=bind) for name in ("plan", "plan_version", "user"))
    asked = sa.select(plan, user.c.name).outerjoin(user, user.c.id == plan.c.created_by_id)
    ready = asked.where(plan.c.state == "ready").order_by(plan.c.number)
    for row in bind.execute(ready.with_only_columns(
        plan.c.id, plan.c.created_by_id, plan.c.objective, plan.c.cost, plan.c.num_filled, plan.c.num_hires,
        user.c.name,
    )).all():  # fmt: skip
        said = {
            "plan_id": row.id, "number": 1, "kind": "existing", "made_at": datetime.now(UTC),
            "made_by_id": row.created_by_id, "made_by": row.name or "", "reason": "",
            "document": zlib.compress(json.dumps(_standing(bind, row.id), separators=(",", ":")).encode()),
            "objective": row.objective, "cost": row.cost, "num_filled": row.num_filled, "num_hires": row.num_hires,
        }  # fmt: skip
        bind.execute(version.insert().values(said))


def _standing(bind: sa.Connection, plan_id: int) -> dict[str, dict[str, Any]]:
    seats = sa.table("allocation", *map(sa.column, ("plan_id", "seat_key", "person_key", "booking")))
    starts = sa.table("phase_start", *map(sa.column, ("plan_id", "phase_key", "start_idx")))
    held = bind.execute(sa.select(seats).where(seats.c.plan_id == plan_id).order_by(seats.c.seat_key)).all()
    begun = bind.execute(sa.select(starts).where(starts.c.plan_id == plan_id).order_by(starts.c.phase_key)).all()
    return {
        "holders": {row.seat_key: row.person_key for row in held},
        "bookings": {row.seat_key: row.booking for row in held},
        "starts": {row.phase_key: row.start_idx for row in begun},
    }
