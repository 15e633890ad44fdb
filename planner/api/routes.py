"""The five routes of a resource: list, add, show, edit, remove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, create_model
from sqlalchemy.orm import Session

from planner import access, db
from planner.api.answers import actor, acts, read_version, said, shown
from planner.services import removal
from planner.services.listing import Page, Query


@dataclass(frozen=True)
class Resource:
    """A noun of the API; `edit` and `add` may be missing. One with a parent is added at /<parents>/<id>/<name>."""

    name: str
    noun: str
    model: type
    said: type[BaseModel]
    seen: type[BaseModel]
    page: Callable[[Session, Query], Page[Any]]
    add: Callable[..., Any] | None = None
    edit: Callable[[Session, Any, Any, int | None], Any] | None = None
    parent: tuple[str, type] | None = None
    title: Callable[[Any], str] = lambda row: str(getattr(row, "name", None) or getattr(row, "title", row.id))
    adds_with_actor: bool = False


def add(pages: APIBlueprint, resource: Resource) -> None:
    """Registers the routes of a resource."""
    _list(pages, resource)
    _show(pages, resource)
    if resource.add is not None:
        _add(pages, resource, resource.add)
    if resource.edit is not None:
        _edit(pages, resource, resource.edit)
    if f"{resource.noun}.remove" in access.RULES:
        _remove(pages, resource)


def _list(pages: APIBlueprint, resource: Resource) -> None:
    listed = create_model(
        f"{resource.seen.__name__}Page",
        items=(list[resource.seen], ...),  # type: ignore[name-defined]
        page=(int, ...),
        pages=(int, ...),
        total=(int, ...),
    )

    @pages.get(f"/{resource.name}", endpoint=f"{resource.name}_list")
    @acts(f"{resource.noun}.see")
    @pages.output(listed)
    @pages.doc(summary=f"List {resource.name}", description="Takes q, sort, page, size and the filters of the page.")
    def listing() -> Any:
        page = resource.page(db.session(), Query.read(request.path, request.args))
        seen = [resource.seen.model_validate(row) for row in page.items]
        return {"items": seen, "page": page.number, "pages": page.num_pages, "total": page.total}


def _show(pages: APIBlueprint, resource: Resource) -> None:
    @pages.get(f"/{resource.name}/<int:row_id>", endpoint=f"{resource.name}_show")
    @acts(f"{resource.noun}.see", is_checked_later=True)
    @pages.doc(summary=f"Show one of the {resource.name}", responses={200: "", 404: "Nothing to see"})
    def show(row_id: int) -> Response:
        return shown(_found(resource, row_id, "see"), resource.seen)


def _add(pages: APIBlueprint, resource: Resource, verb: Callable[..., Any]) -> None:
    below = f"/{resource.parent[0]}/<int:parent_id>" if resource.parent else ""

    @pages.post(f"{below}/{resource.name}", endpoint=f"{resource.name}_add")
    @acts(f"{resource.noun}.add", is_checked_later=bool(resource.parent))
    @pages.input(resource.said, arg_name="_body", validation=False)
    @pages.doc(summary=f"Add to the {resource.name}", responses={201: "", 409: "Refused", 422: "Not understood"})
    def adding(parent_id: int | None = None, **_body: Any) -> Response:
        above = [_parent(resource, resource.parent[1], parent_id)] if resource.parent else []
        by = {"by_id": actor().id} if resource.adds_with_actor else {}
        row = verb(db.session(), *above, said(resource.said), **by)
        db.session().commit()
        return shown(row, resource.seen, 201)


def _edit(pages: APIBlueprint, resource: Resource, verb: Callable[..., Any]) -> None:
    @pages.put(f"/{resource.name}/<int:row_id>", endpoint=f"{resource.name}_edit")
    @acts(f"{resource.noun}.edit", is_checked_later=True)
    @pages.input(resource.said, arg_name="_body", validation=False)
    @pages.doc(
        summary=f"Edit one of the {resource.name}",
        description="Send the ETag that you read as If-Match.",
        responses={200: "", 409: "Refused", 412: "Somebody was first", 422: "Not understood", 428: "Version missing"},
    )
    def editing(row_id: int, **_body: Any) -> Response:
        row = _found(resource, row_id, "edit")
        row = verb(db.session(), row, said(resource.said), read_version())
        db.session().commit()
        return shown(row, resource.seen)


def _remove(pages: APIBlueprint, resource: Resource) -> None:
    @pages.delete(f"/{resource.name}/<int:row_id>", endpoint=f"{resource.name}_remove")
    @acts(f"{resource.noun}.remove", is_checked_later=True)
    @pages.doc(summary=f"Remove one of the {resource.name}", responses={200: "The removal, which can be undone"})
    def removing(row_id: int) -> Response:
        row = _found(resource, row_id, "remove")
        removed = removal.remove(db.session(), row, title=resource.title(row), by_id=actor().id)
        db.session().commit()
        return jsonify({"removal_id": removed.id})


def _found(resource: Resource, row_id: int, action: str) -> Any:
    """The row, if there is one and the actor may do this to it. Raises Hidden or Forbidden."""
    row = db.session().get(resource.model, row_id)
    if row is None:
        raise access.Hidden(resource.noun)
    access.require(actor(), f"{resource.noun}.{action}", row)
    return row


def _parent(resource: Resource, model: type, parent_id: int | None) -> Any:
    row = db.session().get(model, parent_id)
    if row is None:
        raise access.Hidden(resource.noun)
    access.require(actor(), f"{resource.noun}.add", row)
    return row
