"""What role needs took, the kind of a project, and team templates

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("project", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_project_kind", "project", ["kind"])
    _make_effort()
    _make_finished()
    _make_likeness()
    _make_templates()
    _make_facts()
    _make_uses()


def downgrade() -> None:
    for table in (
        "from_template",
        "template_use",
        "template_fact",
        "template_version",
        "team_template",
        "role_likeness",
        "finished_work",
        "actual_effort",
    ):
        op.drop_table(table)
    op.drop_index("ix_project_kind", "project")
    op.drop_column("project", "kind")


def _make_effort() -> None:
    op.create_table(
        "actual_effort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("fte_pct", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_actual_effort_ends_after_it_begins")),
        sa.CheckConstraint("to_on <= said_on", name=op.f("ck_actual_effort_it_is_not_in_the_future")),
        sa.CheckConstraint(
            "(hours IS NULL) <> (fte_pct IS NULL)", name=op.f("ck_actual_effort_it_is_hours_or_percent")
        ),
        sa.CheckConstraint("hours IS NULL OR hours >= 0", name=op.f("ck_actual_effort_hours_are_not_negative")),
        sa.CheckConstraint(
            "fte_pct IS NULL OR fte_pct BETWEEN 0 AND 100", name=op.f("ck_actual_effort_fte_is_0_to_100")
        ),
        _refers("actual_effort", "need_id", "role_need", "CASCADE"),
        _refers("actual_effort", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actual_effort")),
        sqlite_autoincrement=True,
    )
    _index("actual_effort", "need_id", "person_id")


def _make_finished() -> None:
    op.create_table(
        "finished_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("planned_periods", sa.Double(), nullable=False),
        sa.Column("actual_periods", sa.Double(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned_periods > 0", name=op.f("ck_finished_work_something_was_planned")),
        sa.CheckConstraint("actual_periods >= 0", name=op.f("ck_finished_work_actual_is_not_negative")),
        sa.CheckConstraint("ended_on <= said_on", name=op.f("ck_finished_work_it_is_not_in_the_future")),
        _refers("finished_work", "need_id", "role_need", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finished_work")),
        sa.UniqueConstraint("need_id", name=op.f("uq_finished_work_need_id")),
        sqlite_autoincrement=True,
    )
    _index("finished_work", "kind")


def _make_likeness() -> None:
    op.create_table(
        "role_likeness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("said_at", types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_role_likeness_the_pair_stands_once")),
        _refers("role_likeness", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_likeness")),
        sa.UniqueConstraint("one", "other", name=op.f("uq_role_likeness_one_other")),
        sqlite_autoincrement=True,
    )
    _index("role_likeness", "by_id")


def _make_templates() -> None:
    op.create_table(
        "team_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("num_items", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_template")),
        sa.UniqueConstraint("key", name=op.f("uq_team_template_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("duration >= 1", name=op.f("ck_template_version_duration_is_positive")),
        sa.CheckConstraint(
            "idea_id IS NULL OR proposal_id IS NULL", name=op.f("ck_template_version_it_comes_of_one_thing")
        ),
        _refers("template_version", "template_id", "team_template", "CASCADE"),
        _refers("template_version", "idea_id", "idea", "SET NULL"),
        _refers("template_version", "proposal_id", "criterion_proposal", "SET NULL"),
        _refers("template_version", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_template_version_template_id_number")),
        sqlite_autoincrement=True,
    )
    _index("template_version", "idea_id", "proposal_id", "by_id")


def _make_facts() -> None:
    op.create_table(
        "template_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("num_seats", sa.Integer(), nullable=False),
        sa.Column("num_filled", sa.Integer(), nullable=False),
        sa.Column("planned_periods", sa.Double(), nullable=False),
        sa.Column("actual_periods", sa.Double(), nullable=True),
        sa.Column("planned_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("achieved", sa.Text(), nullable=False),
        sa.Column("more", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("taken_at", types.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "num_seats >= 0 AND num_filled BETWEEN 0 AND num_seats",
            name=op.f("ck_template_fact_filled_is_part_of_the_seats"),
        ),
        sa.CheckConstraint("planned_periods >= 0", name=op.f("ck_template_fact_planned_is_not_negative")),
        sa.CheckConstraint(
            "actual_periods IS NULL OR actual_periods >= 0", name=op.f("ck_template_fact_actual_is_not_negative")
        ),
        sa.CheckConstraint(
            "planned_cost_minor IS NULL OR planned_cost_minor >= 0",
            name=op.f("ck_template_fact_planned_cost_is_not_negative"),
        ),
        sa.CheckConstraint(
            "cost_minor IS NULL OR cost_minor >= 0", name=op.f("ck_template_fact_cost_is_not_negative")
        ),
        _refers("template_fact", "template_id", "team_template", "CASCADE"),
        _refers("template_fact", "phase_id", "phase", "SET NULL"),
        _refers("template_fact", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_fact")),
        sqlite_autoincrement=True,
    )
    _index("template_fact", "template_id", "phase_id", "by_id")


def _make_uses() -> None:
    op.create_table(
        "template_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_version_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("used_at", types.Instant(timezone=True), nullable=False),
        sa.Column("undone_at", types.Instant(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("template_use", "template_version_id", "template_version", "CASCADE"),
        _refers("template_use", "phase_id", "phase", "CASCADE"),
        _refers("template_use", "by_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_use")),
        sqlite_autoincrement=True,
    )
    _index("template_use", "template_version_id", "phase_id", "by_id")
    op.create_table(
        "from_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_version_id", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("made_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(need_id IS NULL) <> (rule_id IS NULL)", name=op.f("ck_from_template_it_is_a_need_or_a_rule")
        ),
        _refers("from_template", "template_version_id", "template_version", "CASCADE"),
        _refers("from_template", "use_id", "template_use", "CASCADE"),
        _refers("from_template", "need_id", "role_need", "CASCADE"),
        _refers("from_template", "rule_id", "team_rule", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_from_template")),
        sa.UniqueConstraint("need_id", name=op.f("uq_from_template_need_id")),
        sa.UniqueConstraint("rule_id", name=op.f("uq_from_template_rule_id")),
        sqlite_autoincrement=True,
    )
    _index("from_template", "template_version_id", "use_id")


def _refers(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
