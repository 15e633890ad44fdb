"""An operation of the API: what the document says of it, and the way in that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Response, make_response, request
from pydantic import BaseModel
from sqlalchemy.orm.exc import StaleDataError

from planner import access, db
from planner.api import asking, once
from planner.api.answers import conflict, shown
from planner.services.refused import Stale

View = TypeVar("View", bound=Callable[..., Any])
NAMES = {
    "RoleNeed": "need",
    "TeamRule": "rule",
    "ExchangeRate": "rate",
    "WorkStyle": "style",
    "PipelineColumn": "column",
    "WebhookDelivery": "webhook_delivery",
    "ImportDraft": "import",
    "ReportSchedule": "report_schedule",
    "SheetReturn": "sheet_return",
    "TaskBoard": "board",
    "TaskColumn": "task_column",
    "ClientLink": "client_link",
    "ObjectiveReading": "objective_reading",
    "MetricPoint": "point",
    "CriterionProposal": "proposal",
    "ActualEffort": "effort",
    "FinishedWork": "finished",
    "TeamTemplate": "template",
    "TemplateUse": "template_use",
}


@dataclass(frozen=True)
class Operation:
    """What an operation does, takes and gives; `summary` and `about` are sentences in the reader's language.

    `parameters` are arguments of the address: name -> (JSON schema, what it means); those in `needed` may not be left
    out. `media` are the types that it gives where that is not a schema; `contract_taken` and `contract_given` name a
    contract that is passed whole.
    """

    action: str
    tag: Any
    summary: Any
    about: Any = ""
    subjects: tuple[type, ...] = ()
    takes: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    media: tuple[str, ...] = ()
    contract_taken: str = ""
    contract_given: str = ""
    status: int = 200
    is_versioned: bool = False
    can_be_refused: bool = False
    parameters: Mapping[str, tuple[Mapping[str, Any], Any]] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    can_be_hidden: bool = False
    is_key_wanted: bool = False
    is_list: bool = False

    @property
    def changes(self) -> bool:
        """Whether it does something: one that only answers may be asked as often as one likes."""
        return access.scope_of(self.action).endswith(":write")


def operation(action: str, *subjects: type, **what: Any) -> Callable[[View], View]:
    """Marks what a view does, lets in only who may, and hands it the rows that the address names.

    As at the pages' door the last subject is what the action is done to: 404 where it is missing or may not be seen.
    """
    told = Operation(action, subjects=subjects, **what)

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            speaker = asking.speaker(action)

            def opened() -> Any:
                rows = [_found(model, values.pop(f"{name_of(model)}_id")) for model in subjects]
                access.require(speaker, action, rows[-1] if rows else None)
                if told.is_versioned:
                    asking.version()
                return view(*rows, **values)

            key = once.key() if request.method == "POST" and told.changes else None
            answer = once.done(asking.token().id, key, opened) if key is not None else make_response(opened())
            return answer.make_conditional(request) if request.method == "GET" else answer

        guarded.access_action = action  # type: ignore[attr-defined]
        guarded.access_subjects = subjects  # type: ignore[attr-defined]
        guarded.api_operation = told  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def edited(
    row: Any,
    seen: type[BaseModel],
    verb: Callable[[int], Any],
    yours: BaseModel | None = None,
    *,
    gives: type[BaseModel] | None = None,
) -> Response:
    """Edits a row by the version that was read and commits; whoever is too late is shown both values.

    `gives` is the schema of what the verb leaves where that is not the row itself.
    """
    ident = row.id
    try:
        done = verb(asking.version())
        db.session().commit()
    except (Stale, StaleDataError):
        db.session().rollback()
        present = db.session().get(type(row), ident, populate_existing=True)
        if present is None:
            raise access.Hidden from None
        return conflict(present, seen, yours.model_dump(mode="json") if yours is not None else None)
    return shown(done, gives or seen)


def name_of(model: type) -> str:
    """The name of a model in an address: RoleNeed -> need, Person -> person."""
    return NAMES.get(model.__name__, model.__name__.lower())


def _found(model: type[Any], ident: int) -> Any:
    row = db.row_at(model, ident)
    if row is None:
        raise access.Hidden(name_of(model))
    return row
