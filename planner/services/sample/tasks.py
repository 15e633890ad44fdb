"""The sample's task boards: a project's, a team's, and a process of the department."""

from __future__ import annotations

from sqlalchemy.orm import Session

from planner.models import (
    RANK_STEP,
    ColumnMeaning,
    Iteration,
    Person,
    Task,
    TaskBoard,
    TaskColumn,
    TaskLine,
    TaskMove,
)
from planner.services import catalogue
from planner.services.sample.company import Company, Row, instant

TICKED = "[x] "


def add_tasks(session: Session, company: Company) -> None:
    for row in catalogue.read("tasks")["board"]:
        board = _board(company, row)
        session.add(board)
        session.flush()
        iterations = _iterations(board, row)
        session.add_all(iterations.values())
        session.flush()
        session.add_all(_task(company, board, iterations, place, one) for place, one in enumerate(row["task"], 1))
    session.flush()


def _board(company: Company, row: Row) -> TaskBoard:
    project, phase = company.projects.get(row.get("project", "")), company.phases.get(row.get("phase", ""))
    board = TaskBoard(name=row["name"], purpose=row["purpose"], own_project=project, phase=phase, is_sample=True)
    board.columns = [TaskColumn(position=n, **_column(one)) for n, one in enumerate(row["columns"])]
    return board


def _column(row: Row) -> Row:
    return {**row, "meaning": ColumnMeaning(row["meaning"])}


def _iterations(board: TaskBoard, row: Row) -> dict[str, Iteration]:
    found = {}
    for one in row.get("iteration", []):
        said = {name: value for name, value in one.items() if name != "id"}
        found[one["id"]] = Iteration(board_id=board.id, **said)
    return found


def _task(company: Company, board: TaskBoard, iterations: dict[str, Iteration], place: int, row: Row) -> Task:
    column = next(one for one in board.columns if one.name == row["column"])
    iteration = iterations.get(row.get("iteration", ""))
    task = Task(
        board=board,
        column_id=column.id,
        rank=RANK_STEP * place,
        title=row["title"],
        text=row.get("text", ""),
        owner=company.people[row["owner"]] if "owner" in row else None,
        seat=company.needs[row["seat"]].seats[0] if "seat" in row else None,
        phase=board.phase,
        iteration=iteration,
        iteration_since_on=iteration.starts_on if iteration is not None else None,
        actual_h=row.get("actual_h", 0.0),
        **{name: row.get(name) for name in ("estimate_h", "starts_on", "due_on", "done_on")},
    )
    for position, line in enumerate(row.get("checklist", [])):
        text = line.removeprefix(TICKED)
        task.checklist.append(TaskLine(position=position, text=text, is_done=line.startswith(TICKED)))
    if "done_on" in row:
        whose = task.owner.name if isinstance(task.owner, Person) else ""
        task.moves.append(
            TaskMove(from_name=board.columns[-2].name, to_name=column.name, by_name=whose, at=instant(row["done_on"]))
        )
    return task
