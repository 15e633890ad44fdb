"""What the pages load is what package.json pins, byte for byte, with its licence, and from nowhere else."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "planner" / "static"
VENDOR = STATIC / "vendor"
SHEETS = sorted(STATIC.glob("*.css"))


def read_manifest() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def read_package() -> dict[str, dict[str, object]]:
    package: dict[str, dict[str, object]] = json.loads((ROOT / "package.json").read_text())
    return package


def folder_of(name: str, version: object) -> Path:
    return VENDOR / f"{name.removeprefix('@').replace('/', '-')}@{version}"


def test_manifest_names_every_vendored_file() -> None:
    files = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"SHA256SUMS"} == set(read_manifest())


@pytest.mark.parametrize(("path", "digest"), read_manifest().items())
def test_vendored_file_is_unchanged(path: str, digest: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(("name", "version"), read_package()["dependencies"].items())
def test_vendored_package_is_the_locked_one_with_its_licence(name: str, version: str) -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert lock["packages"][f"node_modules/{name}"]["version"] == version, "package.json pins exact versions"
    assert (folder_of(name, version) / "LICENSE").stat().st_size > 0


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_style_sheet_loads_only_files_of_ours(sheet: Path) -> None:
    urls = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""", sheet.read_text())
    assert [url for url in urls if not (STATIC / url).is_file()] == []


def test_page_frame_loads_only_files_of_ours() -> None:
    frame = (ROOT / "templates" / "_layout.html").read_text()
    names = re.findall(r"filename='([^']+\.\w+)'", frame)
    assert names
    assert [name for name in names if not (STATIC / name).is_file()] == []
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", frame) == []
