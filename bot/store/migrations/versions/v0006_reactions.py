"""Rounds: which reaction tapped a card, so that taking it back counts after a restart too."""

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaction",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_reaction_participant_id")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_reaction")),
    )
    op.create_index(op.f("ix_reaction_participant_id"), "reaction", ["participant_id"], unique=False)
