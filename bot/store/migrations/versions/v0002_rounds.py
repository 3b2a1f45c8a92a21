"""Moving together: rounds, the rooms they are shown in, who takes part, active days."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("starter", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("room_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("weeks", sa.SmallInteger(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("code", name=op.f("uq_challenge_code")),
        sa.UniqueConstraint("room_code", name=op.f("uq_challenge_room_code")),
    )
    op.create_index(op.f("ix_challenge_starter"), "challenge", ["starter"], unique=False)
    op.create_table(
        "challenge_room",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("challenge_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("card", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=False),
        sa.Column("shown", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_room_challenge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_room")),
    )
    op.create_index(
        op.f("ix_challenge_room_channel_account_room"), "challenge_room", ["channel", "account", "room"], unique=False
    )
    op.create_index(op.f("ix_challenge_room_challenge_id"), "challenge_room", ["challenge_id"], unique=False)
    op.create_index(
        "ix_challenge_room_due",
        "challenge_room",
        ["due"],
        unique=False,
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("settled = 0"),
    )
    op.create_table(
        "participant",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("challenge_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("challenge_id", "person", name=op.f("uq_participant_challenge_id_person")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_participant_challenge_id")),
    )
    op.create_index(op.f("ix_participant_member_id"), "participant", ["member_id"], unique=False)
    op.create_index(op.f("ix_participant_person"), "participant", ["person"], unique=False)
    op.create_table(
        "active_day",
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("challenge_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_active_day_participant_id")),
        sa.PrimaryKeyConstraint("participant_id", "day", name=op.f("pk_active_day")),
    )
    op.create_index(op.f("ix_active_day_challenge_id_day"), "active_day", ["challenge_id", "day"], unique=False)
