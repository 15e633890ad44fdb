"""Where the readings of an objective come from that nobody enters: the tasks of a board, or a metric

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "measured_from"
REFERS = {"objective_id": "objective", "board_id": "task_board", "metric_id": "metric"}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("metric_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(board_id IS NULL) <> (metric_id IS NULL)", name=op.f("ck_measured_from_it_is_a_board_or_a_metric")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{column}"), ondelete="CASCADE")
            for column, to in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measured_from")),
        sa.UniqueConstraint("objective_id", name=op.f("uq_measured_from_objective_id")),
        sqlite_autoincrement=True,
    )
    for column in ("board_id", "metric_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])


def downgrade() -> None:
    op.execute("UPDATE objective SET source = 'readings' WHERE source <> 'readings'")
    op.drop_table(TABLE)
