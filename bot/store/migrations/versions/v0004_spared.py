"""Rounds: until when a member counts as the average, because a flare-up is no time to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spared",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_spared_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_spared")),
    )
