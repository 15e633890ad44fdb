"""Scorecards: each rater's own, and what they agreed on

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ON_ITS_SCALE = "(kind = 'skill' AND score BETWEEN 0 AND 100) OR (kind = 'style' AND score BETWEEN 1 AND 5)"


def kind() -> sa.Enum:
    return sa.Enum("skill", "style", name="kind_is_known", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=True),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("rater_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_at", types.Instant(timezone=True), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("rater_name <> ''", name=op.f("ck_scorecard_a_named_person_rates")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_scorecard_candidate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["terms_id"], ["terms.id"], name=op.f("fk_scorecard_terms_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("candidate_id", "rater_id", name=op.f("uq_scorecard_candidate_id_rater_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint(ON_ITS_SCALE, name=op.f("ck_rating_score_is_on_its_scale")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_rating_scorecard_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("scorecard_id", "kind", "key", name=op.f("uq_rating_scorecard_id_kind_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "agreed_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("raters", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("agreed_at", types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(ON_ITS_SCALE, name=op.f("ck_agreed_rating_score_is_on_its_scale")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_agreed_rating_candidate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_rating")),
        sa.UniqueConstraint("candidate_id", "kind", "key", name=op.f("uq_agreed_rating_candidate_id_kind_key")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("agreed_rating", "rating", "scorecard"):
        op.drop_table(table)
