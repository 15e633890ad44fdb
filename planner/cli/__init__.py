"""The operator's door: one line per command, and none is loaded before it is asked for."""

from __future__ import annotations

import time

STARTED_AT = time.monotonic()  # a time limit covers all that happens after the process has started

from importlib import import_module  # noqa: E402
from typing import NamedTuple  # noqa: E402

import click  # noqa: E402


class Entry(NamedTuple):
    """Where a command is, as `module:name`, and what the list of commands says of it."""

    place: str
    summary: str


COMMANDS = {
    "run": Entry("planner.cli.running:run_command", "Run the product: web server and background worker."),
    "solve": Entry("planner.cli.solving:solve_command", "Make a plan for a staffing problem."),
    "check": Entry("planner.cli.solving:check_command", "Say whether a plan of a problem is right."),
    "bench": Entry(
        "planner.cli.benching:bench_command", "Measure the solver beside others, on drawn and public problems."
    ),
    "export": Entry("planner.cli.exporting:export_command", "Write a plan, or a list such as people, as a file."),
    "import": Entry(
        "planner.cli.importing:import_command", "Import a list from a spreadsheet, or say what it would do."
    ),
    "diff": Entry("planner.cli.differing:diff_command", "Say what makes one sheet, plan or problem of another."),
    "load": Entry("planner.cli.working:load_command", "Bring a staffing problem into the workspace."),
    "worker": Entry("planner.cli.working:worker_command", "Work on background jobs, beside other workers."),
    "user": Entry("planner.cli.users:user_group", "Add users, set their roles, make links to set a password."),
    "audit": Entry(
        "planner.cli.auditing:audit_group", "Say whether the audit trail is as it was written, or export it."
    ),
    "db": Entry("planner.cli.database:db_group", "Migrate the database, or check it."),
}
DEFAULT_COMMAND = "run"
_OWN_OPTIONS = ("--help", "-h", "--version")


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `solve` starts without the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a command, or with its options alone, the product runs."""
        if not args or (args[0].startswith("-") and args[0] not in _OWN_OPTIONS):
            args = [DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="planner")
def main() -> None:
    """Staffing, hiring and plans for teams. Without a command, the product runs: see `planner run --help`."""
