"""`python -m planner` is `planner`."""

from planner.cli import main

main(prog_name="planner")
