"""HTML as a tree that tests can ask, and the forms in it as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
SILENT_INPUTS = ("submit", "button", "image", "reset", "file")


@dataclass(eq=False)
class Node:
    """An element: its attributes (an empty text where only the name is given) and what stands in it."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parent: Node | None = None
    inside: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Node]:
        """Every element below, in the order of the page; of these tags, if any are named."""
        for one in self.inside:
            if isinstance(one, Node):
                if not tags or one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def above(self) -> Iterator[Node]:
        """The elements around this one, the nearest first."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    def is_inside(self, *tags: str) -> bool:
        return any(node.tag in tags for node in self.above())

    @property
    def text(self) -> str:
        """What one reads, white space folded."""
        return " ".join("".join(self._pieces()).split())

    def get(self, name: str) -> str:
        return self.attrs.get(name, "")

    def _pieces(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            else:
                yield from one._pieces()

    def __str__(self) -> str:
        return f"<{self.tag}{''.join(f' {name}={value!r}' for name, value in self.attrs.items())}>"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Node("#page")
        self.misnested: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.inside.append(Node(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        around = [self.here, *self.here.above()]
        node = next((node for node in around if node.tag == tag), None)
        if node is None or node is not self.here:
            self.misnested.append(f"</{tag}> closes {self.here}")
        self.here = node.parent or self.root if node is not None else self.here

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)


@dataclass(frozen=True)
class Markup:
    """A page, or a fragment of one. `misnested` says where tags do not close in order."""

    root: Node
    misnested: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether this is a page and not a fragment."""
        return any(self.root.all("html"))

    def forms(self) -> list[Form]:
        return [Form(node) for node in self.root.all("form")]


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page."""

    node: Node

    @property
    def action(self) -> str:
        return self.node.get("action")

    @property
    def method(self) -> str:
        return (self.node.get("method") or "get").upper()

    def values(self) -> MultiDict[str, str]:
        """What a browser sends when nothing is changed, no button's name included."""
        said: MultiDict[str, str] = MultiDict()
        for control in self.node.all("input", "select", "textarea"):
            if control.get("name") and "disabled" not in control.attrs:
                for value in _values_of(control):
                    said.add(control.get("name"), value)
        return said


def parse(text: str) -> Markup:
    """A page, or a fragment of one, as a tree."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    unclosed = [f"{node} is never closed" for node in (builder.here, *builder.here.above()) if node is not builder.root]
    return Markup(builder.root, (*builder.misnested, *unclosed))


def _values_of(control: Node) -> list[str]:
    if control.tag == "textarea":
        return ["".join(one for one in control.inside if isinstance(one, str)).removeprefix("\r").removeprefix("\n")]
    if control.tag == "select":
        return _chosen(control)
    kind = control.get("type") or "text"
    if kind in SILENT_INPUTS or (kind in ("checkbox", "radio") and "checked" not in control.attrs):
        return []
    return [control.attrs.get("value", "on" if kind in ("checkbox", "radio") else "")]


def _chosen(select: Node) -> list[str]:
    options = list(select.all("option"))
    chosen = [option for option in options if "selected" in option.attrs]
    if "multiple" not in select.attrs:
        chosen = chosen[-1:] or options[:1]
    return [option.attrs.get("value", option.text) for option in chosen]
