"""Appointments: the time of day they were booked for, so that they follow a zone whose rules change."""

import sqlalchemy as sa
from alembic import op

revision = "v0010"
down_revision = "v0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("wall", sa.Text(), nullable=False, server_default=""))
