"""What is written in the source: for tests that a list of names is whole."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


def called_in(method: Any) -> set[str]:
    """The methods that one calls on its object."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    found = (call for call in calls if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name))
    return {call.attr for call in found if isinstance(call.value, ast.Name) and call.value.id == "self"}
