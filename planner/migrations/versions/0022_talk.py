"""Talk at every record: one table of comments for all of them, who follows, who is told of what, and how

What was said about plans moves in with its numbers.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ABOUT = {
    "plan": "plan", "project": "project", "phase": "phase", "need": "role_need", "seat": "seat", "style": "work_style",
    "requisition": "requisition", "candidate": "candidate", "task": "task", "feedback": "feedback", "idea": "idea",
    "objective": "objective", "alert": "alert",
}  # fmt: skip
KINDS = ("mention", "comment", "decision", "plan_in_force", "alert")
WAYS = ("none", "page", "digest", "mail")
MOVED = "id, plan_id, version_number, seat_key, text, by_id, by_name, at, edited_at, version"


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, types.Instant(timezone=True), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def holds(name: str, sentence: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sentence, name=name)


def about(table: str) -> list[sa.schema.SchemaItem]:
    """References to one row of one kind."""
    said = " + ".join(f"CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END" for name in ABOUT)
    columns = [whole(f"{name}_id", nullable=True) for name in ABOUT]
    return [
        *columns,
        *(refers(table, f"{name}_id", to) for name, to in ABOUT.items()),
        holds("it_is_about_one_thing", f"{said} = 1"),
    ]


def create(table: str, *parts: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, whole("id"), *parts, key, sqlite_autoincrement=True)
    for column in indexes:
        op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    _create_comment()
    op.execute(f"INSERT INTO comment ({MOVED}) SELECT {MOVED} FROM plan_comment")  # noqa: S608 -- names of columns
    _count_on_from("plan_comment", "comment")
    op.drop_table("plan_comment")
    _create_who_is_told()
    op.add_column("workspace", sa.Column("time_zone", sa.Text(), nullable=False, server_default="UTC"))
    op.add_column("outgoing_mail", instant("due_at", nullable=True))
    op.add_column("outgoing_mail", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_outgoing_mail_due_at", "outgoing_mail", ["due_at"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_due_at", "outgoing_mail")
    op.drop_column("outgoing_mail", "tries")
    op.drop_column("outgoing_mail", "due_at")
    op.drop_column("workspace", "time_zone")
    for table in ("notification_choice", "notification", "follow", "mention"):
        op.drop_table(table)
    create(
        "plan_comment", whole("plan_id"), whole("version_number"), text("seat_key", nullable=True), text("text"),
        whole("by_id"), text("by_name"), instant("at"), instant("edited_at", nullable=True), whole("version"),
        holds("a_named_person_says_it", "by_name <> ''"),
        holds("it_says_something", "length(trim(text)) >= 1"),
        refers("plan_comment", "plan_id", "plan"),
        indexes=("plan_id",),
    )  # fmt: skip
    op.execute("UPDATE comment SET by_name = '?' WHERE by_name = ''")
    op.execute(
        f"INSERT INTO plan_comment ({MOVED}) SELECT {MOVED} FROM comment WHERE plan_id IS NOT NULL"  # noqa: S608
    )
    _count_on_from("comment", "plan_comment")
    op.drop_table("comment")


def _create_comment() -> None:
    create(
        "comment", *about("comment"), whole("version_number", nullable=True), text("seat_key", nullable=True),
        text("text"), whole("by_id"), text("by_name"), instant("at"), instant("edited_at", nullable=True),
        instant("resolved_at", nullable=True), text("resolved_by_name", nullable=True),
        whole("parent_id", nullable=True), whole("version"),
        refers("comment", "parent_id", "comment"),
        holds("it_says_something", "length(trim(text)) >= 1"),
        holds("of_a_plan_it_names_the_version", "(plan_id IS NULL) = (version_number IS NULL)"),
        holds("only_a_plan_has_seats_by_key", "seat_key IS NULL OR plan_id IS NOT NULL"),
        holds("a_named_person_settles_it", "(resolved_at IS NULL) = (resolved_by_name IS NULL)"),
        holds("what_began_it_is_settled", "parent_id IS NULL OR resolved_at IS NULL"),
        indexes=("parent_id", *(f"{name}_id" for name in ABOUT)),
    )  # fmt: skip


def _create_who_is_told() -> None:
    op.create_table(
        "mention",
        whole("comment_id"),
        whole("user_id"),
        refers("mention", "comment_id", "comment"),
        refers("mention", "user_id", "user"),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_user_id", "mention", ["user_id"])
    create(
        "follow", *about("follow"), text("subject"), whole("user_id"),
        sa.Column("is_following", sa.Boolean(), nullable=False),
        refers("follow", "user_id", "user"),
        sa.UniqueConstraint("user_id", "subject", name=op.f("uq_follow_user_id_subject")),
        indexes=tuple(f"{name}_id" for name in ABOUT),
    )  # fmt: skip
    create(
        "notification", *about("notification"), whole("user_id"),
        sa.Column("kind", choice("kind_is_known", *KINDS), nullable=False),
        sa.Column("way", choice("way_is_known", *WAYS), nullable=False),
        instant("at"), text("by_name"), sa.Column("detail", sa.JSON(), nullable=False),
        instant("read_at", nullable=True), instant("mailed_at", nullable=True), whole("comment_id", nullable=True),
        refers("notification", "user_id", "user"),
        refers("notification", "comment_id", "comment"),
        holds("only_mail_is_mailed", "mailed_at IS NULL OR way IN ('digest', 'mail')"),
        indexes=("comment_id", *(f"{name}_id" for name in ABOUT)),
    )  # fmt: skip
    op.create_index("ix_notification_unread", "notification", ["user_id", "read_at"])
    op.create_index("ix_notification_to_mail", "notification", ["way", "mailed_at"])
    create(
        "notification_choice", whole("user_id"), sa.Column("ways", sa.JSON(), nullable=False), whole("digest_hour"),
        whole("version"),
        refers("notification_choice", "user_id", "user"),
        sa.UniqueConstraint("user_id", name=op.f("uq_notification_choice_user_id")),
        holds("the_digest_has_an_hour", "digest_hour BETWEEN 0 AND 23"),
    )  # fmt: skip


def _count_on_from(before: str, after: str) -> None:
    """A new row's number is one that no row had in the old table either: what was removed can come back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :after").bindparams(after=after))
        counted = "INSERT INTO sqlite_sequence (name, seq) SELECT :after, seq FROM sqlite_sequence WHERE name = :before"
        op.execute(sa.text(counted).bindparams(after=after, before=before))
    else:
        op.execute(f"SELECT setval('{after}_id_seq', last_value, is_called) FROM {before}_id_seq")  # noqa: S608
