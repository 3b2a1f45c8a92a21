"""Rounds: which guest started one, and may change it."""

import sqlalchemy as sa
from alembic import op

revision = "v0009"
down_revision = "v0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hosted",
        sa.Column("challenge_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_hosted_challenge_id")),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_hosted")),
    )
    op.create_index(op.f("ix_hosted_person"), "hosted", ["person"], unique=False)
