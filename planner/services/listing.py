"""Lists: what the URL asks for (search, sort, filters, page) and the page of rows that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Column, Select, func, inspect, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from planner.models import fold, folded

T = TypeVar("T")
PAGE_SIZES = (25, 50, 100)
SEARCH_LONGEST = 200
DIGITS_MOST = 6


@dataclass(frozen=True)
class Query:
    """What a list's URL says: `q`, `sort` ("name" or "-name"), `page`, `size`, and the filters by name."""

    path: str
    q: str = ""
    sort: str = ""
    page: int = 1
    size: int = PAGE_SIZES[0]
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str, args: Mapping[str, str]) -> Query:
        """Reads a URL's arguments; what is not understood is taken as not said."""
        args = {k: v.replace("\0", "") for k, v in args.items()}  # PostgreSQL cannot even compare with such a text
        rest = {k: v for k, v in args.items() if k not in ("q", "sort", "page", "size") and v}
        size = _number(args.get("size", ""))
        return cls(
            path,
            q=args.get("q", "").strip()[:SEARCH_LONGEST].strip(),
            sort=args.get("sort", ""),
            page=_number(args.get("page", "")) or 1,
            size=size if size in PAGE_SIZES else PAGE_SIZES[0],
            filters=rest,
        )

    def value(self, name: str) -> str:
        """What a filter, or the search ("q"), says; nothing where it is not set."""
        return self.q if name == "q" else self.filters.get(name, "")

    def without(self, *names: str) -> Query:
        """The same question, with what is named not said; "page" is the first page again."""
        filters = {k: v for k, v in self.filters.items() if k not in names}
        return replace(self, filters=filters, page=1 if "page" in names else self.page)

    def href(self, **changes: Any) -> str:
        """The URL of this list with something changed; back to page 1 unless the page is what changes."""
        own = {k: changes.pop(k) for k in ("q", "sort", "page", "size") if k in changes}
        filters = {**self.filters, **{k: str(v) for k, v in changes.items() if v is not None}}
        filters = {k: v for k, v in filters.items() if v and changes.get(k, v) is not None}
        asked = replace(self, **{"page": 1, **own}, filters=filters)
        said = {"q": asked.q, "sort": asked.sort, **filters}
        if asked.page > 1:
            said["page"] = str(asked.page)
        if asked.size != PAGE_SIZES[0]:
            said["size"] = str(asked.size)
        said = {k: v for k, v in said.items() if v}
        return f"{self.path}?{urlencode(said)}" if said else self.path


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and how many there are."""

    items: Sequence[T]
    number: int
    size: int
    total: int
    query: Query

    @property
    def num_pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def href(self, number: int) -> str:
        """The URL of another page of the same list."""
        return self.query.href(page=number)


def paged(
    session: Session,
    statement: Select[Any],
    query: Query,
    *,
    sorts: Mapping[str, Any],
    default: str,
    search: Sequence[ColumnElement[Any] | Any] = (),
    filters: Mapping[str, Callable[[Select[Any], str], Select[Any]]] | None = None,
) -> Page[Any]:
    """The page of a statement's rows that a query asks for; unknown sorts and filters are passed over."""
    statement = narrowed(statement, query, search=search, filters=filters or {})
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(query.page, max(1, -(-total // query.size)))
    ordered = statement.order_by(*_order(query.sort, sorts, default), *_keys(statement))
    rows = session.scalars(ordered.limit(query.size).offset((number - 1) * query.size)).unique().all()
    return Page(rows, number, query.size, total, query)


def narrowed(
    statement: Select[Any],
    query: Query,
    *,
    search: Sequence[ColumnElement[Any] | Any] = (),
    filters: Mapping[str, Callable[[Select[Any], str], Select[Any]]],
) -> Select[Any]:
    """A statement with no more than the filters and the search of a query let through."""
    for name, narrow in filters.items():
        if query.value(name):
            statement = narrow(statement, query.value(name))
    if query.q and search:
        texts = (folded(column).contains(fold(query.q), autoescape=True) for column in search)
        statement = statement.where(or_(*texts))
    return statement


def narrowing(
    conditions: Mapping[str, Callable[[str], ColumnElement[bool]]],
) -> dict[str, Callable[[Select[Any], str], Select[Any]]]:
    """Filters, each made of the condition that its value sets."""

    def by(condition: Callable[[str], ColumnElement[bool]]) -> Callable[[Select[Any], str], Select[Any]]:
        return lambda statement, value: statement.where(condition(value))

    return {name: by(condition) for name, condition in conditions.items()}


def _order(sort: str, sorts: Mapping[str, Any], default: str) -> list[Any]:
    """The columns to order by; the default breaks ties."""
    return [_directed(name, sorts) for name in (sort, default) if name.removeprefix("-") in sorts]


def _keys(statement: Select[Any]) -> tuple[Column[Any], ...]:
    """The primary key of the rows, which breaks the last ties: pages never overlap."""
    kind = statement.column_descriptions[0]["entity"]
    return inspect(kind).primary_key if kind is not None else ()


def _number(text: str) -> int:
    """A number of few digits; 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST else 0


def _directed(sort: str, sorts: Mapping[str, Any]) -> Any:
    column = sorts[sort.removeprefix("-")]
    return column.desc() if sort.startswith("-") else column.asc()
