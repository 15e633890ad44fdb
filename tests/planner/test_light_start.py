"""Statistics are loaded by the page that wants them: the application starts, and works, without SciPy and NumPy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, tempfile
from pathlib import Path
from sqlalchemy.orm import Session
from conftest import settings_for
from planner import create_app
from planner.models import RoleName
import rows

def loaded():
    return sorted(name for name in ("scipy", "numpy", "pandas", "ortools") if name in sys.modules)

app = create_app(settings_for(Path(tempfile.mkdtemp())))
with app.extensions["planner_sessions"]() as session:
    rows.workspace(session)
    world = rows.world(session)
    me = rows.user(session, RoleName.ADMINISTRATOR)
    session.commit()
    ident, paths = me.fs_uniquifier, [
        "/projects", f"/projects/{world['project'].id}", "/metrics", f"/metrics/{world['metric'].id}", "/experiments",
        f"/experiments/{world['experiment'].id}", "/outcomes/criteria", "/outcomes/proposals",
        f"/needs/{world['need'].id}/edit", "/people",
    ]
    experiment_id = world["experiment"].id
    for arm in world["experiment"].arms:
        arm.num = 40
    session.commit()
client = app.test_client()
with client.session_transaction() as cookie:
    cookie.update({"_user_id": ident, "_fresh": True})
for path in paths:
    assert client.get(path).status_code == 200, path
    assert not loaded(), (path, loaded())
token = client.get("/account").text.partition('name="csrf-token" content="')[2].partition('"')[0]
client.post(f"/experiments/{experiment_id}/look", data={"csrf_token": token})
assert client.get(f"/experiments/{experiment_id}").status_code == 200
print(loaded())
"""


def test_pages_without_statistics_load_none() -> None:
    """In a process of its own, since this one has loaded them long ago."""
    here = Path(__file__).parents[1]
    script = f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parent)!r}]\n{SCRIPT}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "numpy" in done.stdout  # the result that was looked at does want them: the test would see it
