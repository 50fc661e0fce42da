"""Programs from npm, as the lock file has them. They are installed once, beside the Python that runs the tests."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LISTS = ("package.json", "package-lock.json")
MISSING = "node was not found. `make e2e` brings it along; otherwise install node 20.19 or later with npm."
SECONDS = 240  # until npm, or a script, must have ended


def program(name: str) -> str:
    """Where node or npm is: beside the tests' own Python, or installed; fails with what to do where there is none."""
    found = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


def packages() -> Path:
    """The folder that holds `node_modules`; installed on the first call, by the lock file."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LISTS)).hexdigest()[:16]
    kept = Path(sys.prefix) / "teams-client" / digest
    if not kept.is_dir():
        kept.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as place:
            made = Path(place, "made")
            made.mkdir()
            for name in LISTS:
                shutil.copy(HERE / name, made)
            done = _run(program("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts", folder=made)
            assert done.returncode == 0, done.stderr
            with contextlib.suppress(OSError):  # somebody else was faster
                made.rename(kept)
    return kept


def script(name: str, *given: str) -> str:
    """What one of our own scripts prints; it stands for a moment beside `node_modules`, where node looks for packages."""
    folder = packages()
    done = _run(program("node"), str(shutil.copy(HERE / name, folder)), *given, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(Path(command[0]).parent), os.environ.get("PATH", "")))
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False, env={**os.environ, "PATH": path})  # noqa: S603 - our own node
