"""Rounds: the language of each room, and in which group somebody reads along."""

import sqlalchemy as sa
from alembic import op

revision = "v0008"
down_revision = "v0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spoken_in",
        sa.Column("room_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["challenge_room.id"], name=op.f("fk_spoken_in_room_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_spoken_in")),
    )
    op.create_table(
        "met_in",
        sa.Column("participant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_met_in_participant_id")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_met_in")),
    )
