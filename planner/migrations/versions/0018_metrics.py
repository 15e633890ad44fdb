"""What is measured of projects and teams, experiments, and criteria that outcomes suggest

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    "adopted_criterion", "criterion_proposal", "experiment_look", "experiment_arm", "experiment", "metric_point",
    "metric",
)  # fmt: skip
IS_A_SHARE = "successes IS NOT NULL AND trials IS NOT NULL AND value IS NULL AND num IS NULL AND spread IS NULL"
IS_A_NUMBER = "value IS NOT NULL AND successes IS NULL AND trials IS NULL AND (num IS NULL) = (spread IS NULL)"
IS_OF_A_SKILL = "skill_id IS NOT NULL AND style_id IS NULL AND level BETWEEN 1 AND 100"
IS_OF_A_STYLE = (
    "style_id IS NOT NULL AND skill_id IS NULL AND level IS NULL "
    "AND min BETWEEN 1 AND 5 AND max BETWEEN 1 AND 5 AND min <= max"
)
WITHOUT_PHASE, WITH_PHASE = sa.text("phase_id IS NULL"), sa.text("phase_id IS NOT NULL")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def column(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, types.Instant(timezone=True), nullable=nullable)


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def large(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def decimal(name: str) -> sa.Column:
    return sa.Column(name, sa.Double(), nullable=True)


def refers(table: str, column: str, to: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def holds(name: str, sentence: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sentence, name=name)


def once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def create(table: str, *parts: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, whole("id"), *parts, key, sqlite_autoincrement=True)
    for name in indexes:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def upgrade() -> None:
    _create_metrics()
    _create_experiments()
    _create_parts_of_experiments()
    _create_proposals()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_metrics() -> None:
    create(
        "metric", whole("project_id"), whole("phase_id", nullable=True), text("name"),
        column("subject", choice("subject_is_known", "clicks", "opens", "conversions", "satisfaction", "own")),
        column("kind", choice("kind_is_known", "share", "mean", "number")),
        text("unit"), column("is_higher_better", sa.Boolean()), text("note"),
        whole("version"), instant("created_at"), instant("changed_at"),
        holds("it_has_a_name", "name <> ''"),
        refers("metric", "project_id", "project"), refers("metric", "phase_id", "phase"),
        indexes=("project_id", "phase_id"),
    )  # fmt: skip
    for name, owner, where in (
        ("uq_metric_of_project", "project_id", WITHOUT_PHASE),
        ("uq_metric_of_phase", "phase_id", WITH_PHASE),
    ):
        op.create_index(name, "metric", [owner, "name"], unique=True, sqlite_where=where, postgresql_where=where)
    create(
        "metric_point", whole("metric_id"), column("measured_on", sa.Date()), large("successes"), large("trials"),
        decimal("value"), large("num"), decimal("spread"), whole("version"),
        holds("it_says_one_kind_of_thing", f"({IS_A_SHARE}) OR ({IS_A_NUMBER})"),
        holds("counts_are_not_negative", "successes >= 0 AND trials >= 0"),
        holds("successes_are_not_above_trials", "successes <= trials"),
        holds("a_mean_is_of_somebody", "num >= 1 AND spread >= 0"),
        refers("metric_point", "metric_id", "metric"), once("metric_point", "metric_id", "measured_on"),
    )  # fmt: skip


def _create_experiments() -> None:
    create(
        "experiment", whole("project_id"), whole("phase_id", nullable=True), text("name"), text("hypothesis"),
        text("measure"), column("kind", choice("kind_is_known", "share", "mean")),
        column("is_higher_better", sa.Boolean()), column("state", choice("state_is_known", "running", "ended")),
        column("starts_on", sa.Date()), column("ends_on", sa.Date(), nullable=True), large("planned_num"),
        decimal("smallest_effect"), column("ended_on", sa.Date(), nullable=True),
        whole("version"), instant("created_at"), instant("changed_at"),
        holds("it_has_a_name", "name <> ''"),
        holds("its_end_is_planned", "ends_on IS NOT NULL OR planned_num IS NOT NULL"),
        holds("ends_after_it_begins", "starts_on <= ends_on"),
        holds("planned_sample_is_positive", "planned_num >= 1"),
        holds("smallest_effect_is_positive", "smallest_effect > 0"),
        holds("what_has_ended_has_a_last_day", "(state = 'ended') = (ended_on IS NOT NULL)"),
        refers("experiment", "project_id", "project"), refers("experiment", "phase_id", "phase", "SET NULL"),
        indexes=("project_id", "phase_id", "state"),
    )  # fmt: skip


def _create_parts_of_experiments() -> None:
    create(
        "experiment_arm", whole("experiment_id"), whole("position"), text("name"), large("num", nullable=False),
        large("successes"), decimal("mean"), decimal("spread"),
        holds("num_is_not_negative", "num >= 0"),
        holds("successes_are_not_negative", "successes >= 0"),
        holds("successes_are_not_above_num", "successes <= num"),
        holds("spread_is_not_negative", "spread >= 0"),
        refers("experiment_arm", "experiment_id", "experiment"), once("experiment_arm", "experiment_id", "name"),
    )  # fmt: skip
    create(
        "experiment_look", whole("experiment_id"), large("num", nullable=False), whole("times"), text("first_by"),
        instant("first_at"), instant("last_at"),
        holds("somebody_looked", "times >= 1"),
        refers("experiment_look", "experiment_id", "experiment"), once("experiment_look", "experiment_id", "num"),
    )  # fmt: skip


def _create_proposals() -> None:
    is_one = f"({IS_OF_A_SKILL}) OR ({IS_OF_A_STYLE})"

    def asked(table: str) -> tuple[sa.schema.SchemaItem, ...]:
        return (
            text("role_title"), whole("skill_id", nullable=True), whole("style_id", nullable=True),
            whole("level", nullable=True), decimal("min"), decimal("max"), whole("weight"),
            holds("it_asks_for_one_thing", is_one), holds("weight_is_0_to_1000", "weight BETWEEN 0 AND 1000"),
            refers(table, "skill_id", "skill"), refers(table, "style_id", "work_style"),
        )  # fmt: skip

    create(
        "criterion_proposal", text("outcome_key"), text("outcome"), *asked("criterion_proposal"),
        column("evidence", sa.JSON()), text("digest"), text("made_by"), instant("made_at"),
        column("state", choice("state_is_known", "open", "accepted", "declined")), text("decided_by"),
        instant("decided_at", nullable=True), text("reason"), whole("version"),
        holds("a_named_person_makes_it", "made_by <> ''"),
        holds(
            "a_named_person_decides_with_a_reason",
            "state = 'open' OR (decided_by <> '' AND decided_at IS NOT NULL AND length(trim(reason)) >= 3)",
        ),
        once("criterion_proposal", "digest"),
        indexes=("skill_id", "style_id", "state"),
    )  # fmt: skip
    create(
        "adopted_criterion", whole("proposal_id"), *asked("adopted_criterion"),
        refers("adopted_criterion", "proposal_id", "criterion_proposal"), once("adopted_criterion", "proposal_id"),
        indexes=("skill_id", "style_id"),
    )  # fmt: skip
