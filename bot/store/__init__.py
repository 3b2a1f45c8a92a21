"""SQL: tables, migrations and the few queries, for SQLite and PostgreSQL behind one interface."""
