"""Alerts on the plan in force, reports by e-mail, and files that go out with messages

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from planner.models import declarative as types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ALERTS = ("overload", "away", "vacated", "no_back_up", "single_holder", "not_covered", "plan_breaks")
SUBJECTS = (
    ("person_id", "person"), ("seat_id", "seat"), ("skill_id", "skill"), ("team_rule_id", "team_rule"),
    ("plan_id", "plan"),
)  # fmt: skip
ONE_SUBJECT = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name, _table in SUBJECTS) + " = 1"


def upgrade() -> None:
    _add_alerts()
    _add_steps()
    _add_schedules()
    _add_sendings()


def downgrade() -> None:
    for table in ("mail_file", "report_sending", "report_schedule", "alert_look", "alert_step", "alert"):
        op.drop_table(table)


def _add_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name, _table in SUBJECTS),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("num", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("since", types.Instant(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("decided_num", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {ALERTS}", name=op.f("ck_alert_kind_is_known")),
        sa.CheckConstraint(
            "state IN ('open', 'snoozed', 'accepted', 'over')", name=op.f("ck_alert_state_is_known")
        ),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_alert_it_is_about_one_thing")),
        sa.CheckConstraint("num >= 0", name=op.f("ck_alert_it_is_not_negative")),
        sa.CheckConstraint(
            "(state = 'snoozed') = (snoozed_until IS NOT NULL)", name=op.f("ck_alert_what_sleeps_wakes_up")
        ),
        sa.CheckConstraint(
            "(state IN ('snoozed', 'accepted')) = (decided_num IS NOT NULL)",
            name=op.f("ck_alert_what_is_decided_has_a_measure"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_alert_{name}"), ondelete="CASCADE")
            for name, table in SUBJECTS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        *(sa.UniqueConstraint("kind", name, name=op.f(f"uq_alert_kind_{name}")) for name, _table in SUBJECTS),
        sqlite_autoincrement=True,
    )
    for name in (*(name for name, _table in SUBJECTS), "state"):
        op.create_index(op.f(f"ix_alert_{name}"), "alert", [name])


def _add_steps() -> None:
    op.create_table(
        "alert_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("num", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('snoozed', 'accepted', 'reopened', 'came_back')", name=op.f("ck_alert_step_kind_is_known")
        ),
        sa.CheckConstraint("kind = 'came_back' OR by_name <> ''", name=op.f("ck_alert_step_a_named_person_decides")),
        sa.CheckConstraint(
            "kind NOT IN ('snoozed', 'accepted') OR length(trim(reason)) >= 3",
            name=op.f("ck_alert_step_there_is_a_reason"),
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_step_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_step")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alert_step_alert_id"), "alert_step", ["alert_id"])
    op.create_table(
        "alert_look",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("looked_at", types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_alert_look_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_look")),
    )


def _add_schedules() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(32), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("days_back", sa.Integer(), nullable=False),
        sa.Column("days_ahead", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("sent_as", sa.String(32), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("next_at", types.Instant(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        *_rules_of_schedules(),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_report_schedule_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_report_schedule_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
        sqlite_autoincrement=True,
    )
    for name in ("user_id", "project_id", "next_at"):
        op.create_index(op.f(f"ix_report_schedule_{name}"), "report_schedule", [name])


def _rules_of_schedules() -> list[sa.CheckConstraint]:
    rules = {
        "report_is_known": "report IN ('team', 'department', 'forecast')",
        "frequency_is_known": "every IN ('week', 'month')",
        "form_is_known": "sent_as IN ('link', 'pdf', 'xlsx')",
        "cause_is_known": "stopped_because IN ('may_not_see', 'not_active')",
        "a_week_has_a_weekday": "(every = 'week') = (weekday IS NOT NULL)",
        "a_month_has_a_day": "(every = 'month') = (month_day IS NOT NULL)",
        "weekday_is_one": "weekday IS NULL OR weekday BETWEEN 0 AND 6",
        "day_of_month_is_one": "month_day IS NULL OR month_day BETWEEN 1 AND 31",
        "hour_is_one": "hour BETWEEN 0 AND 23",
        "stretch_is_not_negative": "days_back >= 0 AND days_ahead >= 0",
        "what_is_off_sends_nothing": "is_active OR next_at IS NULL",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_report_schedule_{name}")) for name, rule in rules.items()]


def _add_sendings() -> None:
    op.create_table(
        "report_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Instant(timezone=True), nullable=False),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("tried_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_sending_schedule_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mail.id"], name=op.f("fk_report_sending_mail_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sending")),
        sa.UniqueConstraint("schedule_id", "due_at", name=op.f("uq_report_sending_schedule_id_due_at")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_report_sending_mail_id"), "report_sending", ["mail_id"])
    op.create_table(
        "mail_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mail.id"], name=op.f("fk_mail_file_mail_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mail_file_mail_id"), "mail_file", ["mail_id"])
