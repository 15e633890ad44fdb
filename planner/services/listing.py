"""Lists: what the URL asks for (search, sort, filters, page) and the page of rows that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

T = TypeVar("T")
PAGE_SIZES = (25, 50, 100)


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
        page, size = args.get("page", ""), args.get("size", "")
        return cls(
            path,
            q=args.get("q", "").strip()[:200],
            sort=args.get("sort", ""),
            page=int(page) if page.isdecimal() and 0 < int(page) < 10**6 else 1,
            size=int(size) if size.isdecimal() and int(size) in PAGE_SIZES else PAGE_SIZES[0],
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
    for name, narrow in (filters or {}).items():
        if query.value(name):
            statement = narrow(statement, query.value(name))
    if query.q and search:
        needle = "%" + query.q.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(or_(*(func.lower(column).like(needle, escape="\\") for column in search)))
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(query.page, max(1, -(-total // query.size)))
    ordered = statement.order_by(*_order(query.sort, sorts, default))
    rows = session.scalars(ordered.limit(query.size).offset((number - 1) * query.size)).unique().all()
    return Page(rows, number, query.size, total, query)


def _order(sort: str, sorts: Mapping[str, Any], default: str) -> list[Any]:
    """The columns to order by; the default breaks ties, so that pages never overlap."""
    return [_directed(name, sorts) for name in (sort, default) if name.removeprefix("-") in sorts]


def _directed(sort: str, sorts: Mapping[str, Any]) -> Any:
    column = sorts[sort.removeprefix("-")]
    return column.desc() if sort.startswith("-") else column.asc()
