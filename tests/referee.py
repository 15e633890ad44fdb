"""The contract's independent referee, where ../shared is there."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).parents[1].parent / "shared"
CONTRACT = SHARED / "contract"
BENCH = SHARED / "bench"
IS_HERE = CONTRACT.is_dir()
REASON = "needs the contract's referee in ../shared/contract"


@cache
def module() -> ModuleType:
    """The referee's own script."""
    spec = importlib.util.spec_from_file_location("contract_referee", CONTRACT / "check_plan.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["contract_referee"] = module
    spec.loader.exec_module(module)
    return module


def complaints(problem: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    """What the referee says against a plan, both as documents; nothing where there is no referee."""
    found: list[str] = module().check(problem, plan).violations if IS_HERE else []
    return found


def made(script: str, *arguments: str) -> dict[str, Any]:
    """The problem that one of the benchmark's scripts prints."""
    command = [sys.executable, str(BENCH / script), *arguments]
    document: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return document
