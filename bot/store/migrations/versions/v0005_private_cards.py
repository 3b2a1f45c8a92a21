"""Rounds: cards in private rooms, and people found by their platform id, whatever the room."""

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "private_card",
        sa.Column("room_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["challenge_room.id"], name=op.f("fk_private_card_room_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_private_card")),
    )
    op.create_index(op.f("ix_private_card_person"), "private_card", ["person"], unique=False)
    op.create_index(op.f("ix_address_person"), "address", ["person"], unique=False)
