"""Rounds: sums that stay when somebody leaves, is locked or has a flare-up, and weeks that are made up for once."""

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("challenge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_told_challenge_id")),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_told")),
    )
    op.create_table(
        "carried",
        sa.Column("challenge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_carried_challenge_id")),
        sa.PrimaryKeyConstraint("challenge_id", "week", name=op.f("pk_carried")),
    )
    op.create_table(
        "gone_day",
        sa.Column("challenge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_gone_day_challenge_id")),
        sa.PrimaryKeyConstraint("challenge_id", "day", name=op.f("pk_gone_day")),
    )
