"""Sheets on their way in, how their columns were read, and past work

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    states = sa.Enum(
        "draft", "imported", "undone", name="state_is_known", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", types.Instant(timezone=True), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_clearing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("copy_code", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=True),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.Column("images", sa.LargeBinary(), nullable=True),
        sa.Column("imported_at", types.Instant(timezone=True), nullable=True),
        sa.Column("undone_at", types.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'draft' OR cells IS NULL", name=op.f("ck_import_draft_cells_go_with_the_draft")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_import_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "state", "digest", "expires_at"):
        op.create_index(f"ix_import_draft_{column}", "import_draft", [column])
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_import_mapping_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("user_id", "kind", "signature", name=op.f("uq_import_mapping_user_id_kind_signature")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "past_allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("fte_pct", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_past_allocation_ends_after_it_begins")),
        sa.CheckConstraint("fte_pct BETWEEN 1 AND 100", name=op.f("ck_past_allocation_fte_is_1_to_100")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_past_allocation_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_allocation")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_past_allocation_person_id", "past_allocation", ["person_id"])


def downgrade() -> None:
    op.drop_table("past_allocation")
    op.drop_table("import_mapping")
    op.drop_table("import_draft")
