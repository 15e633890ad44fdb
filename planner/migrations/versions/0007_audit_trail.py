"""The audit trail: entries that only grow, the head that only moves on, and what guards both

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEVER = "the audit trail only grows"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
RAISED = f"RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation';"
IS_BEHIND = "NEW.id <= (SELECT entry_id FROM audit_head)"
ONE_BY_ONE, AS_A_WHOLE = "FOR EACH ROW", "FOR EACH STATEMENT"
ON_SQLITE = (
    f"CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry {REFUSE}",
    f"CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry {REFUSE}",
    f"CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry WHEN {IS_BEHIND} {REFUSE}",
    f"CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head WHEN NEW.entry_id <= OLD.entry_id {REFUSE}",
    f"CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head {REFUSE}",
)
DOES_REFUSE, DOES_COMPARE = "EXECUTE FUNCTION audit_refuses()", "EXECUTE FUNCTION audit_comes_last()"
COMPARED = f"BEGIN IF {IS_BEHIND} THEN {RAISED} END IF; RETURN NEW; END"
MOVES_BACK = "WHEN (NEW.entry_id <= OLD.entry_id)"
ON_POSTGRESQL = (
    f"CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISED} END $$",
    f"CREATE FUNCTION audit_comes_last() RETURNS trigger LANGUAGE plpgsql AS $$ {COMPARED} $$",
    f"CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry {ONE_BY_ONE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry {AS_A_WHOLE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry {ONE_BY_ONE} {DOES_COMPARE}",
    f"CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head {ONE_BY_ONE} {MOVES_BACK} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head {ONE_BY_ONE} {DOES_REFUSE}",
    f"CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON audit_head {AS_A_WHOLE} {DOES_REFUSE}",
)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tx", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("door", choice("door_is_known", "page", "api", "job", "cli"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("action", choice("action_is_known", "add", "edit", "remove"), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("row_last", sa.Integer(), nullable=True),
        sa.Column("num", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_last", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("id >= 1 AND tx BETWEEN 1 AND id", name=op.f("ck_audit_entry_entries_are_counted")),
        sa.CheckConstraint("num >= 1", name=op.f("ck_audit_entry_it_is_about_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    for name in ("at", "tx", "user_id"):
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", [name])
    op.create_index("ix_audit_entry_noun_row", "audit_entry", ["noun", "row_id"])
    op.create_index("ix_audit_entry_noun_owner", "audit_entry", ["noun", "owner_id"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("entry_id"), sa.column("digest"))
    op.execute(head.insert().values(id=1, entry_id=0, digest="0" * 64))
    for statement in {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_entry")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuses()")
        op.execute("DROP FUNCTION audit_comes_last()")
