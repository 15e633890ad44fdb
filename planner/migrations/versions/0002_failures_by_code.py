"""Keep why a plan or a job failed as a code and values, so that it is said in the reader's language

The text of earlier rows stays in `failure`, which removed plans have too: they come back with every column they had.
The columns are added and dropped one by one: Alembic's batches would build the table anew on SQLite and drop the old
one, and all that hangs on its plans would go with it.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("plan", "job")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("failure_code", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("failure_values", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "failure_values")
        op.drop_column(table, "failure_code")
