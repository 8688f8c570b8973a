"""Rules of the queue, bookings, hall numbers and alarms."""

import sqlalchemy as sa
from alembic import op

from server.infrastructure.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = (
    "'waiting', 'offered', 'serving', 'held', 'done', 'abandoned', 'cancelled', "
    "'closed_out_of_hours', 'callback'"
)
LIVE = "state IN ('waiting', 'offered', 'serving', 'held')"
LIVE_AT_A_PAGE = f"{LIVE} AND kind IN ('walk_in', 'appointment')"
UNANSWERED = (
    "state IN ('waiting', 'offered', 'held') AND first_answered_at IS NULL AND late_at IS NULL"
)
ROLES = "'agent', 'partner_agent', 'supervisor', 'admin'"


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind IN ('holiday', 'makeup_working_day')", name=op.f("ck_calendar_day_kind")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "overflow_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("org_path", sa.String(length=400), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=True),
        sa.Column("after_seconds", sa.Integer(), nullable=True),
        sa.Column("nobody_on_seconds", sa.Integer(), nullable=True),
        sa.Column("widening", sa.String(length=12), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "channel IS NULL OR channel IN ('district', 'street_town', 'yangtze_delta')",
            name=op.f("ck_overflow_rule_channel"),
        ),
        sa.CheckConstraint(
            "widening IN ('language', 'district', 'same_skill', 'help_desk')",
            name=op.f("ck_overflow_rule_widening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overflow_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_overflow_rule_code")),
    )
    op.create_table(
        "slot_use",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_slot_use_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("org_id", "channel", "starts_at", name=op.f("pk_slot_use")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("open_key", sa.String(length=140), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("org_code", sa.String(length=60), nullable=False),
        sa.Column("org_path", sa.String(length=400), nullable=False),
        sa.Column("place_path", sa.String(length=400), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('answer_soon', 'answer_late', 'offers_missed', 'nobody_on', 'level_low')",
            name=op.f("ck_alarm_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_alarm_account_id_account")
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["account.id"], name=op.f("fk_alarm_seen_by_account")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_alarm_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("open_key", name=op.f("uq_alarm_open_key")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index("ix_alarm_open", ["org_path", "cleared_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_raised_at"), ["raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "hall_number",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("counter", sa.String(length=40), nullable=True),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_hall_number_org_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_hall_number_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_hall_number")),
        sa.UniqueConstraint("org_id", "reference", name=op.f("uq_hall_number_org_id_reference")),
    )
    op.create_table(
        "ticket_contact",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_contact_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_contact")),
    )
    with op.batch_alter_table("ticket_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_contact_asked_at"), ["asked_at"], unique=False)
    _make_slot_places()
    _make_callback_calls()
    op.create_table(
        "reached_queue",
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_reached_queue_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("queue", "ticket_id", name=op.f("pk_reached_queue")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("speaks", sa.JSON(), nullable=False, server_default='["zh-CN"]')
        )

    with op.batch_alter_table("account_grant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_grant_role"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_account_grant_role"), f"role IN ({ROLES}, 'hall_system')"
        )

    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("closed_since", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("service_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wrap_up_seconds", sa.Integer(), nullable=True))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=12), nullable=False, server_default="walk_in")
        )
        batch_op.add_column(sa.Column("reach", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("priority", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("head_start_seconds", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("rank_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("booking_code", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("clock_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("warned_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("late_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("answered_window_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("rules_at", UtcDateTime(), nullable=True))

    op.execute("UPDATE ticket SET rank_at = waiting_since, clock_at = waiting_since")
    _fill_reach()
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.alter_column("rank_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.alter_column("resident_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.drop_constraint(batch_op.f("ck_ticket_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_ticket_state"), f"state IN ({STATES}, 'booked')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ticket_kind"), "kind IN ('walk_in', 'appointment', 'callback', 'hall')"
        )
        batch_op.drop_index(batch_op.f("ix_ticket_queue"))
        batch_op.create_index(
            "ix_ticket_queue", ["channel", "serving_org_id", "state", "rank_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_due_at"), ["due_at"], unique=False)
        batch_op.create_index("ix_ticket_rules", ["state", "rules_at"], unique=False)
        batch_op.create_index(
            "ix_ticket_unanswered",
            ["clock_at"],
            unique=False,
            sqlite_where=sa.text(UNANSWERED),
            postgresql_where=sa.text(UNANSWERED),
        )
        for name in ("clock_at", "first_answered_at"):
            batch_op.create_index(batch_op.f(f"ix_ticket_{name}"), [name], unique=False)
        batch_op.drop_index("uq_ticket_live_resident")
        batch_op.create_index(
            "uq_ticket_live_resident",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text(LIVE_AT_A_PAGE),
            postgresql_where=sa.text(LIVE_AT_A_PAGE),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_ticket_booking_code"), ["booking_code"])
        batch_op.create_foreign_key(
            batch_op.f("fk_ticket_answered_window_id_window"),
            "window",
            ["answered_window_id"],
            ["id"],
        )

    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("help_desk", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("hours", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("closed_since", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_until", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def _make_slot_places() -> None:
    op.create_table(
        "slot_place",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_slot_place_org_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_slot_place_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_slot_place")),
    )
    with op.batch_alter_table("slot_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_place_starts_at"), ["starts_at"], unique=False)


def _make_callback_calls() -> None:
    op.create_table(
        "callback_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("agent_gone_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "result IS NULL OR result IN ('reached', 'not_reached', 'wrong_number', 'agent_lost')",
            name=op.f("ck_callback_call_result"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_callback_call_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_callback_call_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_callback_call_window_id_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_call")),
    )
    with op.batch_alter_table("callback_call", schema=None) as batch_op:
        for column in ("account_id", "ticket_id"):
            batch_op.create_index(batch_op.f(f"ix_callback_call_{column}"), [column], unique=False)
            batch_op.create_index(
                f"uq_callback_call_{column}_under_way",
                [column],
                unique=True,
                sqlite_where=sa.text("ended_at IS NULL"),
                postgresql_where=sa.text("ended_at IS NULL"),
            )


def _fill_reach() -> None:
    """A ticket's own queue, which was in columns alone."""
    ticket = sa.table(
        "ticket",
        sa.column("id", sa.Uuid()),
        sa.column("channel", sa.String()),
        sa.column("serving_org_id", sa.Uuid()),
        sa.column("serving_org_code", sa.String()),
        sa.column("skills", sa.JSON()),
        sa.column("reach", sa.JSON()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(ticket)).all():
        own = {
            "channel": row.channel,
            "org_id": str(row.serving_org_id),
            "org_code": row.serving_org_code,
            "skills": sorted(row.skills),
            "language": None,
            "help_desk": False,
            "rule": None,
        }
        connection.execute(sa.update(ticket).where(ticket.c.id == row.id).values(reach=[own]))


def downgrade() -> None:
    op.drop_table("reached_queue")
    op.drop_table("callback_call")
    op.drop_table("slot_place")
    op.drop_table("ticket_contact")
    op.drop_table("hall_number")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_alarm_raised_at"))
        batch_op.drop_index("ix_alarm_open")

    op.drop_table("alarm")
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("closed_reason")
        batch_op.drop_column("closed_until")
        batch_op.drop_column("closed_since")
        batch_op.drop_column("hours")
        batch_op.drop_column("help_desk")

    # What the older tables can't hold is dropped: bookings and hall numbers.
    op.execute("DELETE FROM ticket WHERE kind <> 'walk_in' OR state = 'booked'")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_ticket_answered_window_id_window"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_ticket_booking_code"), type_="unique")
        batch_op.drop_index("ix_ticket_unanswered")
        batch_op.drop_index("ix_ticket_rules")
        for name in ("due_at", "clock_at", "first_answered_at"):
            batch_op.drop_index(batch_op.f(f"ix_ticket_{name}"))
        batch_op.drop_index("ix_ticket_queue")
        batch_op.create_index(
            "ix_ticket_queue", ["channel", "serving_org_id", "state", "waiting_since"], unique=False
        )
        batch_op.drop_index("uq_ticket_live_resident")
        batch_op.create_index(
            "uq_ticket_live_resident",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text(LIVE),
            postgresql_where=sa.text(LIVE),
        )
        batch_op.drop_constraint(batch_op.f("ck_ticket_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ticket_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ticket_state"), f"state IN ({STATES})")
        batch_op.alter_column("resident_id", existing_type=sa.Uuid(), nullable=False)
        for name in (
            "rules_at",
            "answered_window_id",
            "late_at",
            "warned_at",
            "clock_at",
            "booking_code",
            "due_at",
            "rank_at",
            "head_start_seconds",
            "priority",
            "reach",
            "kind",
        ):
            batch_op.drop_column(name)

    with op.batch_alter_table("service_item", schema=None) as batch_op:
        batch_op.drop_column("wrap_up_seconds")

    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("closed_reason")
        batch_op.drop_column("closed_until")
        batch_op.drop_column("closed_since")
        batch_op.drop_column("hours")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("speaks")

    op.execute("DELETE FROM account_grant WHERE role = 'hall_system'")
    with op.batch_alter_table("account_grant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_grant_role"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_account_grant_role"), f"role IN ({ROLES})")

    op.drop_table("slot_use")
    op.drop_table("overflow_rule")
    op.drop_table("calendar_day")
