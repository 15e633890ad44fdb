"""The five routes of a resource: list, add, show, edit, remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import lazy_gettext as _
from pydantic import BaseModel, create_model
from sqlalchemy.orm import Session

from planner import db
from planner.api import asking
from planner.api.answers import shown, told, with_version
from planner.api.operations import edited, name_of, operation
from planner.models import Removal, User
from planner.schemas.account import RemovalSeen
from planner.schemas.said import Said
from planner.services import removal
from planner.services.editing import require_version
from planner.services.listing import PAGE_SIZES, Page, Query

NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999}
TEXT = {"type": "string"}


@dataclass(frozen=True)
class Rights:
    """The action in `rights.py` that each route of a resource is."""

    see: str
    add: str
    edit: str
    remove: str

    @classmethod
    def of(cls, noun: str) -> Rights:
        """A noun's own actions."""
        return cls(f"{noun}.see", f"{noun}.add", f"{noun}.edit", f"{noun}.remove")


@dataclass(frozen=True)
class Resource:
    """A noun of the API, its schemas and verbs; what is missing has no route.

    One with a parent is added, and listed too, below it: /projects/1/phases; its list then has a filter of the name
    project_id. `page` is handed who asks, since some see only what is their own; the other verbs where `is_told_by`.
    """

    name: str
    title: Any
    model: type
    rights: Rights
    seen: type[BaseModel]
    said: type[BaseModel] = Said
    page: Callable[[Session, Query, User], Page[Any]] | None = None
    sorts: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    add: Callable[..., Any] | None = None
    edit: Callable[..., Any] | None = None
    removes: Callable[[Session, Any], tuple[Any, str]] | None = None
    parent: tuple[str, type] | None = None
    is_told_by: bool = False


def add(pages: Blueprint, resource: Resource) -> None:
    """Registers the routes of a resource."""
    if resource.page is not None:
        _list(pages, resource, resource.page)
    _show(pages, resource)
    if resource.add is not None:
        _add(pages, resource, resource.add)
    if resource.edit is not None:
        _edit(pages, resource, resource.edit)
    if resource.removes is not None:
        _remove(pages, resource, resource.removes)


def list_parameters(sorts: tuple[str, ...], filters: Mapping[str, Any]) -> dict[str, tuple[dict[str, Any], Any]]:
    """What the address of a list may ask; one that has a single order is not asked for another."""
    directed = {"type": "string", "enum": [direction + name for name in sorts for direction in ("", "-")]}
    return {
        "q": (TEXT, _("Words to search for.")),
        **({"sort": (directed, _("What to sort by; with a minus in front, downwards."))} if sorts else {}),
        "page": (NUMBER, _("Which page, from 1 on.")),
        "size": ({"type": "integer", "enum": list(PAGE_SIZES), "default": PAGE_SIZES[0]}, _("How many on a page.")),
        **{name: (TEXT, sentence) for name, sentence in filters.items()},
    }


@cache
def page_schema(seen: type[BaseModel]) -> type[BaseModel]:
    """A page of a list, and how many there are."""
    return create_model(
        seen.__name__.removesuffix("Seen") + "Page",
        items=(list[seen], ...),  # type: ignore[valid-type]
        page=(int, ...),
        pages=(int, ...),
        total=(int, ...),
    )


def listed(page: Page[Any], seen: type[BaseModel]) -> Response:
    """A page of a list as JSON."""
    items = [told(row, seen) for row in page.items]
    answer = jsonify({"items": items, "page": page.number, "pages": page.num_pages, "total": page.total})
    return linked(with_version(answer, None), page)


def linked(answer: Response, page: Page[Any]) -> Response:
    """An answer that leads to the other pages of its list."""
    number, last = page.number, page.num_pages
    others = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    asked = request.args.to_dict()
    answer.headers["Link"] = ", ".join(
        f'<{request.base_url}?{urlencode({**asked, "page": other})}>; rel="{name}"'
        for name, other in others.items()
        if 1 <= other <= last
    )
    return answer


def _list(pages: Blueprint, resource: Resource, page: Callable[[Session, Query, User], Page[Any]]) -> None:
    what = {
        "tag": resource.title,
        "summary": _("%(nouns)s: list", nouns=resource.title),
        "gives": page_schema(resource.seen),
        "parameters": list_parameters(resource.sorts, resource.filters),
        "is_list": True,
    }

    @pages.get(f"/{resource.name}", endpoint=f"{resource.name}_list")
    @operation(resource.rights.see, **what)
    def listing() -> Response:
        query = asking.query(resource.sorts, tuple(resource.filters))
        return listed(page(db.session(), query, asking.actor()), resource.seen)

    if resource.parent is None:
        return
    plural, parent = resource.parent
    narrows = f"{name_of(parent)}_id"
    below = {name: sentence for name, sentence in resource.filters.items() if name != narrows}

    @pages.get(f"/{plural}/<int:{narrows}>/{resource.name}", endpoint=f"{resource.name}_below")
    @operation(resource.rights.see, parent, **what | {"parameters": list_parameters(resource.sorts, below)})
    def listing_below(above: Any) -> Response:
        query = asking.query(resource.sorts, tuple(below))
        narrowed = replace(query, filters={**query.filters, narrows: str(above.id)})
        return listed(page(db.session(), narrowed, asking.actor()), resource.seen)


def _show(pages: Blueprint, resource: Resource) -> None:
    @pages.get(f"/{resource.name}/<int:{_ident(resource)}>", endpoint=f"{resource.name}_show")
    @operation(
        resource.rights.see,
        resource.model,
        tag=resource.title,
        summary=_("%(nouns)s: show one", nouns=resource.title),
        gives=resource.seen,
    )
    def showing(row: Any) -> Response:
        return shown(row, resource.seen)


def _add(pages: Blueprint, resource: Resource, verb: Callable[..., Any]) -> None:
    above = resource.parent
    below = f"/{above[0]}/<int:{name_of(above[1])}_id>" if above else ""

    @pages.post(f"{below}/{resource.name}", endpoint=f"{resource.name}_add")
    @operation(
        resource.rights.add,
        *(above[1:] if above else ()),
        tag=resource.title,
        summary=_("%(nouns)s: add one", nouns=resource.title),
        takes=resource.said,
        gives=resource.seen,
        status=201,
        can_be_refused=True,
    )
    def adding(*parents: Any) -> Response:
        by = _by(resource)
        row = verb(db.session(), *parents, asking.said(resource.said), **by)
        db.session().commit()
        answer = shown(row, resource.seen, 201)
        answer.headers["Location"] = url_for(f"api.{resource.name}_show", **{_ident(resource): row.id})
        return answer


def _edit(pages: Blueprint, resource: Resource, verb: Callable[..., Any]) -> None:
    @pages.put(f"/{resource.name}/<int:{_ident(resource)}>", endpoint=f"{resource.name}_edit")
    @operation(
        resource.rights.edit,
        resource.model,
        tag=resource.title,
        summary=_("%(nouns)s: edit one", nouns=resource.title),
        about=_("Says the row anew: what is left out takes its default."),
        takes=resource.said,
        gives=resource.seen,
        is_versioned=True,
        can_be_refused=True,
    )
    def editing(row: Any) -> Response:
        said, by = asking.said(resource.said), _by(resource)
        return edited(row, resource.seen, lambda version: verb(db.session(), row, said, version, **by), said)


def _remove(pages: Blueprint, resource: Resource, removes: Callable[[Session, Any], tuple[Any, str]]) -> None:
    @pages.delete(f"/{resource.name}/<int:{_ident(resource)}>", endpoint=f"{resource.name}_remove")
    @operation(
        resource.rights.remove,
        resource.model,
        tag=resource.title,
        summary=_("%(nouns)s: remove one", nouns=resource.title),
        about=_("It can be brought back by its removal."),
        gives=RemovalSeen,
        is_versioned=True,
        can_be_refused=True,
    )
    def removing(row: Any) -> Response:
        def remove(version: int) -> Removal:
            db.session().refresh(row, with_for_update=True)  # nobody edits it between the look at its version and this
            require_version(row, version)
            gone, title = removes(db.session(), row)
            return removal.remove(db.session(), gone, title=title, by_id=asking.actor().id)

        return edited(row, resource.seen, remove, gives=RemovalSeen)


def _by(resource: Resource) -> dict[str, User]:
    """Who asks, where the resource's verbs write it down."""
    return {"by": asking.actor()} if resource.is_told_by else {}


def _ident(resource: Resource) -> str:
    return f"{name_of(resource.model)}_id"
