"""Alembic's entry: runs the migrations on the connection it is given, inside the caller's transaction."""

from alembic import context

from bot.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by copying the table
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
