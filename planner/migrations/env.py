"""How Alembic meets our database: on the connection that `planner.migrating` hands over."""

from alembic import context

from planner.models import Base


def include_object(_object, name, kind, reflected, compare_to):
    """The queue keeps its own tables in the same PostgreSQL; they are not ours to change."""
    return not (kind == "table" and reflected and compare_to is None and (name or "").startswith("huey"))


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=include_object,
        user_module_prefix="types.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
