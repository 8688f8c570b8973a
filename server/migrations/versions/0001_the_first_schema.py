"""the first schema."""

import sqlalchemy as sa
from alembic import op

from server.infrastructure.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("resource_kind", sa.String(length=40), nullable=False),
        sa.Column("resource_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "capture_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("material_code", sa.String(length=80), nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'fulfilled', 'withdrawn')", name=op.f("ck_capture_request_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_request")),
    )
    with op.batch_alter_table("capture_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_capture_request_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "case_counter",
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "day", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "command",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=160), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("principal", "route", "key", name=op.f("pk_command")),
    )
    with op.batch_alter_table("command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_command_at"), ["at"], unique=False)

    op.create_table(
        "event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("topic", "number", name=op.f("uq_event_topic_number")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_published_at"), ["published_at"], unique=False)
        batch_op.create_index(
            "ix_event_unpublished",
            ["id"],
            unique=False,
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "event_epoch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_epoch")),
    )
    op.create_table(
        "event_topic",
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_event_topic")),
    )
    op.create_table(
        "login_tries",
        sa.Column("name_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name_sha256", name=op.f("pk_login_tries")),
    )
    with op.batch_alter_table("login_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_tries_first_at"), ["first_at"], unique=False)

    op.create_table(
        "material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("material_code", sa.String(length=80), nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("captured_by", sa.Uuid(), nullable=False),
        sa.Column("captured_by_role", sa.String(length=32), nullable=False),
        sa.Column("upload_key", sa.String(length=128), nullable=True),
        sa.Column("folder", sa.String(length=160), nullable=False),
        sa.Column("original_type", sa.String(length=32), nullable=False),
        sa.Column("original_bytes", sa.Integer(), nullable=False),
        sa.Column("original_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("page_bytes", sa.Integer(), nullable=False),
        sa.Column("page_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail_bytes", sa.Integer(), nullable=False),
        sa.Column("thumbnail_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'removed')", name=op.f("ck_material_state")),
        sa.CheckConstraint("page BETWEEN 1 AND 200", name=op.f("ck_material_page")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint(
            "session_id",
            "captured_by",
            "upload_key",
            name=op.f("uq_material_session_id_captured_by_upload_key"),
        ),
    )
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_material_session_id"), ["session_id"], unique=False)

    op.create_table(
        "org_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("gb2260", sa.String(length=6), nullable=True),
        sa.Column("division_code", sa.String(length=12), nullable=True),
        sa.Column("extension_point", sa.Boolean(), nullable=False),
        sa.Column("partner", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'district', 'street_town', 'village', 'park')",
            name=op.f("ck_org_unit_level"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["org_unit.id"], name=op.f("fk_org_unit_parent_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_org_unit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_org_unit_path")),
    )
    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_org_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "recording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("sealed_at", UtcDateTime(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('recording', 'sealing', 'sealed', 'salvaged', 'failed', 'archived', 'destroyed')",
            name=op.f("ck_recording_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("session_id", name=op.f("uq_recording_session_id")),
    )
    op.create_table(
        "service_item",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("high_frequency", sa.Boolean(), nullable=False),
        sa.Column("handling_minutes", sa.Integer(), nullable=False),
        sa.Column("promised_working_days", sa.Integer(), nullable=False),
        sa.Column("fee_fen", sa.Integer(), nullable=False),
        sa.Column("default_partner_window", sa.String(length=60), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('district', 'street_town', 'yangtze_delta')",
            name=op.f("ck_service_item_channel"),
        ),
        sa.CheckConstraint(
            "subject IN ('person', 'enterprise')", name=op.f("ck_service_item_subject")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_item")),
    )
    with op.batch_alter_table("service_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_item_position"), ["position"], unique=False)

    op.create_table(
        "ticket_counter",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "day", "letter", name=op.f("pk_ticket_counter")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("display_name_zh", sa.String(length=80), nullable=False),
        sa.Column("display_name_en", sa.String(length=80), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_account_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "case_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("owner_org_id", sa.Uuid(), nullable=False),
        sa.Column("owner_org_path", sa.String(length=400), nullable=False),
        sa.Column("serving_org_path", sa.String(length=400), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("form_fields", sa.JSON(), nullable=False),
        sa.Column("applicant", sa.String(length=200), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'correction_requested', 'not_accepted', 'accepted', 'in_review', 'suspended', 'decided', 'closed', 'withdrawn')",
            name=op.f("ck_case_record_state"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_org_id"], ["org_unit.id"], name=op.f("fk_case_record_owner_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint("number", name=op.f("uq_case_record_number")),
    )
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.create_index("ix_case_newest", ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_record_item_code"), ["item_code"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_record_owner_org_path"), ["owner_org_path"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_record_resident_id"), ["resident_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_record_serving_org_path"), ["serving_org_path"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_case_record_state"), ["state"], unique=False)

    op.create_table(
        "playback_grant",
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("principal_kind", sa.String(length=16), nullable=False),
        sa.Column("principal_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_playback_grant_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_playback_grant")),
    )
    with op.batch_alter_table("playback_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_playback_grant_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_playback_grant_recording_id"), ["recording_id"], unique=False
        )

    op.create_table(
        "recording_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=True),
        sa.Column("failure", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'sealed', 'failed')", name=op.f("ck_recording_part_state")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recording_part_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_part")),
        sa.UniqueConstraint(
            "recording_id", "epoch", name=op.f("uq_recording_part_recording_id_epoch")
        ),
    )
    with op.batch_alter_table("recording_part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recording_part_recording_id"), ["recording_id"], unique=False
        )

    op.create_table(
        "resident_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=True),
        sa.Column("consent_at", UtcDateTime(), nullable=True),
        sa.Column("consent_language", sa.String(length=8), nullable=True),
        sa.Column("consent_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_resident_session_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_resident_session_secret_hash")),
    )
    with op.batch_alter_table("resident_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resident_session_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.CheckConstraint(
            "channel IN ('district', 'street_town', 'yangtze_delta')",
            name=op.f("ck_window_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_window_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint("code", name=op.f("uq_window_code")),
    )
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_window_channel"), ["channel"], unique=False)
        batch_op.create_index(batch_op.f("ix_window_org_id"), ["org_id"], unique=False)

    op.create_table(
        "account_grant",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('agent', 'partner_agent', 'supervisor', 'admin')",
            name=op.f("ck_account_grant_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["org_unit.id"], name=op.f("fk_account_grant_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("account_id", "role", "org_id", name=op.f("pk_account_grant")),
    )
    op.create_table(
        "account_window",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_window_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_account_window_window_id_window")
        ),
        sa.PrimaryKeyConstraint("account_id", "window_id", name=op.f("pk_account_window")),
    )
    with op.batch_alter_table("account_window", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_window_window_id"), ["window_id"], unique=False
        )

    op.create_table(
        "agent_presence",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("available_since", UtcDateTime(), nullable=True),
        sa.Column("window_id", sa.Uuid(), nullable=True),
        sa.Column("missed_offers", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("engagement_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('offline', 'available', 'offered', 'serving', 'wrapping_up', 'on_break')",
            name=op.f("ck_agent_presence_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agent_presence_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_agent_presence_window_id_window")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agent_presence")),
    )
    with op.batch_alter_table("agent_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_presence_state"), ["state"], unique=False)

    op.create_table(
        "case_handler",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_handler_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_handler")),
    )
    with op.batch_alter_table("case_handler", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_handler_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "case_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_case_note_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_note_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_note_session_id"), ["session_id"], unique=False)

    op.create_table(
        "recording_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("blob_key", sa.String(length=300), nullable=False),
        sa.Column("participant_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("offset_ms", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["recording_part.id"],
            name=op.f("fk_recording_file_part_id_recording_part"),
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recording_file_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_file")),
        sa.UniqueConstraint("part_id", "name", name=op.f("uq_recording_file_part_id_name")),
    )
    with op.batch_alter_table("recording_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recording_file_part_id"), ["part_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recording_file_recording_id"), ["recording_id"], unique=False
        )

    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_staff_session_secret_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_session_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_staff_session_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("serving_org_id", sa.Uuid(), nullable=False),
        sa.Column("serving_org_code", sa.String(length=60), nullable=False),
        sa.Column("serving_org_path", sa.String(length=400), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("place_code", sa.String(length=60), nullable=False),
        sa.Column("place_path", sa.String(length=400), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("undo_until", UtcDateTime(), nullable=True),
        sa.Column("first_answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'serving', 'held', 'done', 'abandoned', 'cancelled', 'closed_out_of_hours', 'callback')",
            name=op.f("ck_ticket_state"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["org_unit.id"], name=op.f("fk_ticket_place_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident_session.id"],
            name=op.f("fk_ticket_resident_id_resident_session"),
        ),
        sa.ForeignKeyConstraint(
            ["serving_org_id"], ["org_unit.id"], name=op.f("fk_ticket_serving_org_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ticket_queue", ["channel", "serving_org_id", "state", "waiting_since"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_ticket_live_resident",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered', 'serving', 'held')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered', 'serving', 'held')"),
        )

    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("engagement_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('serve', 'invite', 'transfer', 'consult', 'callback')",
            name=op.f("ck_offer_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'rejected', 'timed_out', 'cancelled', 'rescinded')",
            name=op.f("ck_offer_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_offer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_offer_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_offer_window_id_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_offer_deadline", ["state", "deadline_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(
            "uq_offer_pending_agent",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(
            "uq_offer_pending_ticket",
            ["ticket_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "video_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_number", sa.String(length=12), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("owner_org_id", sa.Uuid(), nullable=False),
        sa.Column("owner_org_path", sa.String(length=400), nullable=False),
        sa.Column("place_code", sa.String(length=60), nullable=False),
        sa.Column("serving_org_path", sa.String(length=400), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("interrupted_at", UtcDateTime(), nullable=True),
        sa.Column("undo_until", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("media_worker", sa.String(length=80), nullable=True),
        sa.Column("media_epoch", sa.Integer(), nullable=False),
        sa.Column("media_claimed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('connecting', 'active', 'interrupted', 'ending', 'ended')",
            name=op.f("ck_video_session_state"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_org_id"], ["org_unit.id"], name=op.f("fk_video_session_owner_org_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident_session.id"],
            name=op.f("fk_video_session_resident_id_resident_session"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_video_session_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_session")),
    )
    with op.batch_alter_table("video_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_session_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_video_session_owner_org_id"), ["owner_org_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_video_session_owner_org_path"), ["owner_org_path"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_video_session_resident_id"), ["resident_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_video_session_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_video_session_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("wrap_up_deadline_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("summary", sa.String(length=10000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('resolved', 'unresolved', 'follow_up')",
            name=op.f("ck_engagement_outcome"),
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up', 'completed')",
            name=op.f("ck_engagement_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_engagement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["video_session.id"],
            name=op.f("fk_engagement_session_id_video_session"),
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_engagement_window_id_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_engagement_live_agent",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up')"
            ),
            postgresql_where=sa.text(
                "state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up')"
            ),
        )

    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("org_code", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('resident', 'agent', 'partner', 'helper', 'supervisor')",
            name=op.f("ck_participant_role"),
        ),
        sa.CheckConstraint(
            "state IN ('joining', 'connected', 'interrupted', 'left')",
            name=op.f("ck_participant_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_participant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident_session.id"],
            name=op.f("fk_participant_resident_id_resident_session"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["video_session.id"],
            name=op.f("fk_participant_session_id_video_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_session_id"), ["session_id"], unique=False)

    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("media_epoch", sa.Integer(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("fills", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'connected', 'interrupted', 'closed')",
            name=op.f("ck_connection_state"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_connection_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["video_session.id"],
            name=op.f("fk_connection_session_id_video_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_connection_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_connection_session_id"), ["session_id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("mid", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('microphone', 'face', 'document', 'screen')", name=op.f("ck_source_kind")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_source_connection_id_connection")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_source_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["video_session.id"], name=op.f("fk_source_session_id_video_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_source_session_id"), ["session_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_session_id"))
        batch_op.drop_index(batch_op.f("ix_source_connection_id"))

    op.drop_table("source")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_session_id"))
        batch_op.drop_index(batch_op.f("ix_connection_participant_id"))

    op.drop_table("connection")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_session_id"))
        batch_op.drop_index(batch_op.f("ix_participant_account_id"))

    op.drop_table("participant")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_engagement_live_agent",
            sqlite_where=sa.text(
                "state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up')"
            ),
            postgresql_where=sa.text(
                "state IN ('offered', 'joined', 'consulting', 'left', 'wrapping_up')"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_engagement_session_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_account_id"))

    op.drop_table("engagement")
    with op.batch_alter_table("video_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_session_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_video_session_state"))
        batch_op.drop_index(batch_op.f("ix_video_session_resident_id"))
        batch_op.drop_index(batch_op.f("ix_video_session_owner_org_path"))
        batch_op.drop_index(batch_op.f("ix_video_session_owner_org_id"))
        batch_op.drop_index(batch_op.f("ix_video_session_case_id"))

    op.drop_table("video_session")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offer_pending_ticket",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "uq_offer_pending_agent",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(batch_op.f("ix_offer_ticket_id"))
        batch_op.drop_index("ix_offer_deadline")
        batch_op.drop_index(batch_op.f("ix_offer_account_id"))

    op.drop_table("offer")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ticket_live_resident",
            sqlite_where=sa.text("state IN ('waiting', 'offered', 'serving', 'held')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered', 'serving', 'held')"),
        )
        batch_op.drop_index(batch_op.f("ix_ticket_state"))
        batch_op.drop_index(batch_op.f("ix_ticket_session_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_resident_id"))
        batch_op.drop_index("ix_ticket_queue")

    op.drop_table("ticket")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_staff_session_account_id"))

    op.drop_table("staff_session")
    with op.batch_alter_table("recording_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recording_file_recording_id"))
        batch_op.drop_index(batch_op.f("ix_recording_file_part_id"))

    op.drop_table("recording_file")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_session_id"))
        batch_op.drop_index(batch_op.f("ix_case_note_case_id"))

    op.drop_table("case_note")
    with op.batch_alter_table("case_handler", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_handler_account_id"))

    op.drop_table("case_handler")
    with op.batch_alter_table("agent_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_presence_state"))

    op.drop_table("agent_presence")
    with op.batch_alter_table("account_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_window_window_id"))

    op.drop_table("account_window")
    op.drop_table("account_grant")
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_window_org_id"))
        batch_op.drop_index(batch_op.f("ix_window_channel"))

    op.drop_table("window")
    with op.batch_alter_table("resident_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_session_expires_at"))

    op.drop_table("resident_session")
    with op.batch_alter_table("recording_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recording_part_recording_id"))

    op.drop_table("recording_part")
    with op.batch_alter_table("playback_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_playback_grant_recording_id"))
        batch_op.drop_index(batch_op.f("ix_playback_grant_expires_at"))

    op.drop_table("playback_grant")
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_record_state"))
        batch_op.drop_index(batch_op.f("ix_case_record_serving_org_path"))
        batch_op.drop_index(batch_op.f("ix_case_record_resident_id"))
        batch_op.drop_index(batch_op.f("ix_case_record_owner_org_path"))
        batch_op.drop_index(batch_op.f("ix_case_record_item_code"))
        batch_op.drop_index("ix_case_newest")

    op.drop_table("case_record")
    op.drop_table("account")
    op.drop_table("ticket_counter")
    with op.batch_alter_table("service_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_item_position"))

    op.drop_table("service_item")
    op.drop_table("recording")
    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_org_unit_parent_id"))

    op.drop_table("org_unit")
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_session_id"))
        batch_op.drop_index(batch_op.f("ix_material_case_id"))

    op.drop_table("material")
    with op.batch_alter_table("login_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_tries_first_at"))

    op.drop_table("login_tries")
    op.drop_table("event_topic")
    op.drop_table("event_epoch")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_unpublished", postgresql_where=sa.text("published_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_event_published_at"))

    op.drop_table("event")
    with op.batch_alter_table("command", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_command_at"))

    op.drop_table("command")
    op.drop_table("case_counter")
    with op.batch_alter_table("capture_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capture_request_session_id"))

    op.drop_table("capture_request")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_resource_id"))
        batch_op.drop_index(batch_op.f("ix_audit_at"))
        batch_op.drop_index(batch_op.f("ix_audit_actor_id"))

    op.drop_table("audit")
