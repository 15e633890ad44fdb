"""Requisitions have numbered terms that two people sign; the pipeline has columns; a hire takes two people's decision

Who was hired before this has a decision that says so: the database refuses a hire without one from now on.

Only `candidate` is built anew on SQLite, where nothing hangs on it yet: everything else is added beside what is there.

Revision ID: 0003
Revises: 0002
"""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

import planner
from planner.models import declarative as types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STAGES = ("new", "screening", "interview", "offer", "hired", "declined", "withdrawn")
SIDES = ("project", "operations")
EVENTS = (
    "added", "moved", "reassigned", "shortlisted", "unlisted", "approved", "approval_withdrawn", "hired", "hire_undone",
)  # fmt: skip
TERMS = ("title", "num_seats", "site_id", "starts_on", "ends_on", "fte_pct", "max_cost_minor", "criteria", "reason")
BEFORE = "Hired before decisions were kept."


def choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _add_anchors()
    op.create_index("ix_person_id_kind", "person", ["id", "kind"], unique=True)
    op.add_column("requisition", sa.Column("chain", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE requisition SET chain = CASE WHEN need_id IS NULL THEN 'R' || id ELSE 'N' || need_id END")
    op.create_index("ix_requisition_chain", "requisition", ["chain"])
    _create_tables()
    _number_terms()
    _change_candidates()
    _create_tables_below_candidates()


def downgrade() -> None:
    for table in ("candidate_event", "hire_approval"):
        op.drop_table(table)
    _change_candidates_back()
    for table in ("signature", "terms", "pipeline_column", "hire_decision"):
        op.drop_table(table)
    op.drop_index("ix_requisition_chain", "requisition")
    op.drop_column("requisition", "chain")
    op.drop_index("ix_person_id_kind", "person")
    for column in ("anchors", "anchors_fr"):
        op.drop_column("work_style", column)


def _add_anchors() -> None:
    """O*NET's styles get the anchors that come with the product."""
    for column in ("anchors", "anchors_fr"):
        op.add_column("work_style", sa.Column(column, sa.JSON(none_as_null=True), nullable=True))
    path = Path(planner.__file__).parent / "sample" / "work_styles.toml"
    table = sa.table(
        "work_style", sa.column("element_id"), sa.column("anchors", sa.JSON()), sa.column("anchors_fr", sa.JSON())
    )
    op.execute(table.update().values({"anchors": [], "anchors_fr": []}))
    for style in tomllib.loads(path.read_text(encoding="utf-8"))["style"]:
        anchors = {"anchors": style["anchors"], "anchors_fr": style["anchors_fr"]}
        op.execute(table.update().where(table.c.element_id == style["element_id"]).values(anchors))


def _create_tables() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_terms_requisition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("requisition_id", "number", name=op.f("uq_terms_requisition_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("side", choice("side_is_known", SIDES), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("by_name <> ''", name=op.f("ck_signature_a_named_person_signs")),
        sa.ForeignKeyConstraint(["terms_id"], ["terms.id"], name=op.f("fk_signature_terms_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("terms_id", "by_id", name=op.f("uq_signature_terms_id_by_id")),
        sa.UniqueConstraint("terms_id", "side", name=op.f("uq_signature_terms_id_side")),
        sqlite_autoincrement=True,
    )
    columns = op.create_table(
        "pipeline_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", choice("stage_is_known", STAGES), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_column")),
        sa.UniqueConstraint("id", "stage", name=op.f("uq_pipeline_column_id_stage")),
        sqlite_autoincrement=True,
    )
    rows = [{"stage": stage, "name": "", "name_fr": "", "position": n, "version": 1} for n, stage in enumerate(STAGES)]
    op.bulk_insert(columns, rows)
    op.create_table(
        "hire_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("requisition_number", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("seat_keys", sa.JSON(none_as_null=True), nullable=False),
        *_decided_by("pm"),
        *_decided_by("ops"),
        sa.Column("undone_at", types.Instant(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("pm_id <> ops_id", name=op.f("ck_hire_decision_two_people_decide")),
        sa.CheckConstraint("pm_at <= ops_at", name=op.f("ck_hire_decision_operations_decide_second")),
        sa.CheckConstraint(
            "length(trim(pm_reason)) >= 3 AND length(trim(ops_reason)) >= 3",
            name=op.f("ck_hire_decision_both_give_a_reason"),
        ),
        sa.CheckConstraint("pm_name <> '' AND ops_name <> ''", name=op.f("ck_hire_decision_both_have_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire_decision")),
        sa.UniqueConstraint("id", "person_id", name=op.f("uq_hire_decision_id_person_id")),
        sqlite_autoincrement=True,
    )
    for column in ("chain", "person_key"):
        op.create_index(f"ix_hire_decision_{column}", "hire_decision", [column])


def _decided_by(side: str) -> list[sa.Column]:
    return [
        sa.Column(f"{side}_id", sa.Integer(), nullable=False),
        sa.Column(f"{side}_name", sa.Text(), nullable=False),
        sa.Column(f"{side}_reason", sa.Text(), nullable=False),
        sa.Column(f"{side}_at", types.Instant(timezone=True), nullable=False),
        sa.Column(f"{side}_plan", sa.Integer(), nullable=False),
        sa.Column(f"{side}_plan_version", sa.Integer(), nullable=False),
    ]


def _number_terms() -> None:
    """What each requisition asks for now are its first terms; nobody has signed them."""
    connection, at = op.get_bind(), datetime.now(UTC)
    terms = sa.table(
        "terms",
        *(sa.column(name) for name in ("requisition_id", "number", "reason", "changed_by")),
        sa.column("said", sa.JSON(none_as_null=True)),
        sa.column("changed_at", types.Instant(timezone=True)),
    )
    requisition = sa.table("requisition", sa.column("id"), *(sa.column(name) for name in TERMS))
    found = connection.execute(sa.select(requisition)).mappings().all()
    rows = [
        {
            "requisition_id": row["id"],
            "number": 1,
            "said": {name: _plain(name, row[name]) for name in TERMS},
            "reason": "",
            "changed_by": "",
            "changed_at": at,
        }
        for row in found
    ]
    if rows:
        op.bulk_insert(terms, rows)


def _plain(name: str, value: object) -> object:
    """A value as JSON has it: SQLite gives criteria and moments as text, PostgreSQL as what they are."""
    if name == "criteria":
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if name in ("starts_on", "ends_on") and value is not None:
        return datetime.fromisoformat(str(value)).isoformat()
    return value


def _new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("person_kind", sa.String(32), nullable=False, server_default="candidate"),
        sa.Column("column_id", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_shortlisted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("decision_id", sa.Integer(), nullable=True),
    ]


def _candidates() -> sa.Table:
    """The table as it stands once its new columns are added."""
    return sa.Table(
        "candidate",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=True),
        sa.Column("stage", choice("ck_candidate_stage_is_known", STAGES), nullable=False),
        sa.Column("stage_since_on", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        *_new_columns(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_candidate_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name="fk_candidate_requisition_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_candidate"),
        sa.UniqueConstraint("person_id", name="uq_candidate_person_id"),
        sa.Index("ix_candidate_requisition_id", "requisition_id"),
        sa.Index("ix_candidate_stage", "stage"),
        sqlite_autoincrement=True,
    )


def _change_candidates() -> None:
    for column in _new_columns():
        op.add_column("candidate", column)
    op.execute(
        "UPDATE candidate SET person_kind = (SELECT kind FROM person WHERE person.id = candidate.person_id)"
    )
    _decide_what_was_done()
    last = _last_id()
    anew = {"copy_from": _candidates(), "table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table("candidate", **anew) as batch:
        batch.drop_constraint("fk_candidate_person_id", type_="foreignkey")
        batch.create_unique_constraint("uq_candidate_decision_id", ["decision_id"])
        batch.create_check_constraint(
            op.f("ck_candidate_person_kind_is_known"),
            "person_kind IN ('employee', 'contractor', 'candidate', 'hypothetical')",
        )
        batch.create_check_constraint(
            op.f("ck_candidate_two_people_decide_a_hire"), "stage <> 'hired' OR decision_id IS NOT NULL"
        )
        batch.create_check_constraint(
            op.f("ck_candidate_nobody_is_hired_by_the_way"), "person_kind = 'candidate' OR decision_id IS NOT NULL"
        )
        batch.create_foreign_key(
            "fk_candidate_person_id_person_kind",
            "person",
            ["person_id", "person_kind"],
            ["id", "kind"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        )
        batch.create_foreign_key(
            "fk_candidate_column_id_stage", "pipeline_column", ["column_id", "stage"], ["id", "stage"]
        )
        batch.create_foreign_key(
            "fk_candidate_decision_id_person_id", "hire_decision", ["decision_id", "person_id"], ["id", "person_id"]
        )
    _keep_last_id(last)


def _change_candidates_back() -> None:
    last = _last_id()
    anew = {"copy_from": _candidates(), "table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table("candidate", **anew) as batch:
        for column in ("person_kind", "column_id", "next_step", "is_shortlisted", "decision_id"):
            batch.drop_column(column)
        if op.get_bind().dialect.name == "postgresql":
            batch.create_foreign_key(
                "fk_candidate_person_id", "person", ["person_id"], ["id"], ondelete="CASCADE"
            )
    _keep_last_id(last)


def _decide_what_was_done() -> None:
    """Whoever is hired, or works here already, was hired before decisions were kept: that is what is written down."""
    at = datetime.now(UTC)
    decision = sa.table(
        "hire_decision",
        *(sa.column(name) for name in ("person_id", "chain", "requisition_number", "person_key", "undone_by")),
        *(sa.column(f"{side}_{name}") for side in ("pm", "ops") for name in ("id", "name", "reason", "plan")),
        *(sa.column(f"{side}_plan_version") for side in ("pm", "ops")),
        *(sa.column(f"{side}_at", types.Instant(timezone=True)) for side in ("pm", "ops")),
        sa.column("seat_keys", sa.JSON(none_as_null=True)),
        sa.column("undone_reason"),
    )
    found = op.get_bind().execute(
        sa.text(
            "SELECT person.id, person.key AS person_key, requisition.chain, requisition.number"
            " FROM candidate JOIN person ON person.id = candidate.person_id"
            " LEFT JOIN requisition ON requisition.id = candidate.requisition_id"
            " WHERE candidate.stage = 'hired' OR candidate.person_kind <> 'candidate'"
        )
    )
    rows = [
        {
            "person_id": row["id"],
            "chain": row["chain"] or "",
            "requisition_number": row["number"] or 0,
            "person_key": row["person_key"],
            "seat_keys": [],
            "undone_by": "",
            "undone_reason": "",
            **_nobody("pm", 0, at),
            **_nobody("ops", -1, at),
        }
        for row in found.mappings()
    ]
    if rows:
        op.bulk_insert(decision, rows)
    op.execute(
        "UPDATE candidate SET decision_id ="
        " (SELECT hire_decision.id FROM hire_decision WHERE hire_decision.person_id = candidate.person_id)"
    )


def _nobody(side: str, ident: int, at: datetime) -> dict[str, object]:
    """Who decided was not kept: an id that no user has."""
    said = {"id": ident, "name": "–", "reason": BEFORE, "at": at, "plan": 0, "plan_version": 0}
    return {f"{side}_{name}": value for name, value in said.items()}


def _last_id() -> int | None:
    """The highest id that SQLite has given to a candidate; it must not give it again."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    return op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'candidate'"))


def _keep_last_id(last: int | None) -> None:
    if last is None:
        return
    connection = op.get_bind()
    told = connection.execute(sa.text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'candidate'"), {"seq": last})
    if told.rowcount == 0:  # no candidate is left, and the new table has given no id yet
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('candidate', :seq)"), {"seq": last})


def _create_tables_below_candidates() -> None:
    op.create_table(
        "hire_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("side", choice("side_is_known", SIDES), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_ready_at", types.Instant(timezone=True), nullable=True),
        sa.Column("seat_keys", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_suggested", sa.Boolean(), nullable=False),
        sa.CheckConstraint("by_name <> ''", name=op.f("ck_hire_approval_a_named_person_approves")),
        sa.CheckConstraint("length(trim(reason)) >= 3", name=op.f("ck_hire_approval_there_is_a_reason")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_hire_approval_candidate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire_approval")),
        sa.UniqueConstraint("candidate_id", "by_id", name=op.f("uq_hire_approval_candidate_id_by_id")),
        sa.UniqueConstraint("candidate_id", "side", name=op.f("uq_hire_approval_candidate_id_side")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "candidate_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("kind", choice("event_is_known", EVENTS), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=True),
        sa.Column("from_stage", choice("from_stage_is_known", STAGES), nullable=True),
        sa.Column("to_stage", choice("to_stage_is_known", STAGES), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_event_candidate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_candidate_event_requisition_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_event")),
        sqlite_autoincrement=True,
    )
    for column in ("candidate_id", "at", "requisition_id"):
        op.create_index(f"ix_candidate_event_{column}", "candidate_event", [column])
