"""What comes in about candidates, their rights, and what they say of themselves of their own will

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "intake", "attachment", "notice_shown", "use_of_data", "sheet_link", "data_request", "retention_rule", "erasure",
    "protected_answer", "protected_count", "notice",
)  # fmt: skip


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, types.Instant(timezone=True), nullable=nullable)


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def truth(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def create(table: str, *parts: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, whole("id"), *parts, key, sqlite_autoincrement=True)
    for column in indexes:
        op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    op.add_column("requisition", sa.Column("apply_token", sa.Text(), nullable=True))
    op.create_index("ix_requisition_apply_token", "requisition", ["apply_token"], unique=True)
    is_anonymous = sa.Column("is_anonymous", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("requisition", is_anonymous)
    create(
        "notice", whole("number"), text("text"), text("text_fr"), instant("published_at"), text("published_by"),
        unique("notice", "number"),
    )  # fmt: skip
    create(
        "intake",
        whole("requisition_id", nullable=True),
        whole("candidate_id", nullable=True),
        sa.Column("kind", choice("kind_is_known", "json_resume", "cv", "text", "application"), nullable=False),
        sa.Column("state", choice("state_is_known", "waiting", "confirmed", "dropped"), nullable=False),
        text("file_name"),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=False),
        text("message"),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        whole("notice_id", nullable=True),
        instant("came_at"),
        text("came_by"),
        whole("version"),
        sa.CheckConstraint("state = 'waiting' OR data IS NULL", name=op.f("ck_intake_file_goes_with_the_draft")),
        refers("intake", "requisition_id", "requisition", "SET NULL"),
        refers("intake", "candidate_id", "candidate", "SET NULL"),
        refers("intake", "notice_id", "notice", "RESTRICT"),
        indexes=("requisition_id", "candidate_id", "state"),
    )
    create(
        "attachment",
        whole("candidate_id"),
        text("name"),
        text("text"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        instant("added_at"),
        text("added_by"),
        refers("attachment", "candidate_id", "candidate", "CASCADE"),
        indexes=("candidate_id",),
    )
    create(
        "notice_shown",
        whole("candidate_id"),
        whole("notice_id"),
        instant("shown_at"),
        text("how"),
        refers("notice_shown", "candidate_id", "candidate", "CASCADE"),
        refers("notice_shown", "notice_id", "notice", "RESTRICT"),
        unique("notice_shown", "candidate_id", "notice_id"),
        indexes=("notice_id",),
    )
    create(
        "use_of_data",
        whole("candidate_id"),
        sa.Column("purpose", choice("purpose_is_known", "recruitment", "talent_pool"), nullable=False),
        sa.Column("basis", choice("basis_is_known", "contract", "consent", "legitimate_interest"), nullable=False),
        instant("given_at"),
        instant("withdrawn_at", nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR given_at <= withdrawn_at",
            name=op.f("ck_use_of_data_withdrawn_after_it_was_given"),
        ),
        refers("use_of_data", "candidate_id", "candidate", "CASCADE"),
        unique("use_of_data", "candidate_id", "purpose"),
    )
    op.create_table(
        "sheet_link",
        text("link_hash"),
        whole("candidate_id"),
        instant("made_at"),
        text("made_by"),
        instant("expires_at"),
        instant("used_at", nullable=True),
        refers("sheet_link", "candidate_id", "candidate", "CASCADE"),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_sheet_link")),
    )
    op.create_index("ix_sheet_link_candidate_id", "sheet_link", ["candidate_id"])
    create(
        "data_request",
        whole("candidate_id"),
        sa.Column("kind", choice("kind_is_known", "correction", "objection"), nullable=False),
        text("text"),
        instant("asked_at"),
        text("answer"),
        text("answered_by"),
        instant("answered_at", nullable=True),
        refers("data_request", "candidate_id", "candidate", "CASCADE"),
        indexes=("candidate_id",),
    )
    create(
        "retention_rule",
        text("country"),
        sa.Column("from_on", sa.Date(), nullable=False),
        whole("months"),
        text("source"),
        sa.CheckConstraint("months BETWEEN 0 AND 240", name=op.f("ck_retention_rule_months_are_reasonable")),
        unique("retention_rule", "country", "from_on"),
    )
    create(
        "erasure",
        instant("erased_at"),
        text("erased_by"),
        text("why"),
        whole("requisition_number", nullable=True),
        text("source"),
        sa.Column("applied_on", sa.Date(), nullable=True),
        text("last_stage"),
        truth("was_shortlisted"),
        truth("was_suggested"),
        truth("was_hired"),
    )
    create(
        "protected_answer",
        whole("candidate_id"),
        text("question"),
        text("answer"),
        instant("said_at"),
        sa.CheckConstraint("question <> '' AND answer <> ''", name=op.f("ck_protected_answer_something_is_said")),
        unique("protected_answer", "candidate_id", "question"),
    )
    create(
        "protected_count",
        whole("requisition_number"),
        text("question"),
        text("answer"),
        text("stage"),
        whole("num"),
        unique("protected_count", "requisition_number", "question", "answer", "stage"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_requisition_apply_token", "requisition")
    for column in ("apply_token", "is_anonymous"):
        op.drop_column("requisition", column)
