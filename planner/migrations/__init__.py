"""The database's way from version to version, by Alembic."""
