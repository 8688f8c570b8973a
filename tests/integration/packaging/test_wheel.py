"""The wheel is all that a machine needs: built, installed elsewhere, and run in an empty folder."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from hatch_build import PAGES
from tests.support import systems
from tests.support.systems import System

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = {
    "server",
    "signaling",
    "recordings",
    "document_camera",
    "kiosk_client",
    "agent_console",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has the wheel, and of ours the dependencies alone."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    # A .pth within a folder that a .pth has named is not read: our work tree stays out of it.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run(
        [*install, "--no-deps", "--no-index", "--ignore-installed", str(wheel)], check=True
    )
    return python.parent


def test_the_wheel_holds_our_packages_and_the_built_pages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/", 1)[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    for page in PAGES:
        assert f"{page}/index.html" in names
    scripts = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("server/**/*.lua")}
    assert scripts
    assert scripts <= set(names), "Redis' scripts lie beside their modules"
    web = [name for name in names if "/web/" in name]
    assert all("/web/dist/" in name for name in web), web


def test_no_wheel_without_pages(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "server").mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "run `npm run build` first" in done.stderr
    assert not list(tmp_path.glob("dist/*"))


def test_it_serves_from_an_empty_folder(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(systems, "COMMAND", elsewhere / "virtual-window")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    where = "import server; print(server.__file__)"
    python = [str(elsewhere / "python"), "-c", where]
    found = subprocess.run(python, check=True, capture_output=True, text=True)
    assert Path(found.stdout).is_relative_to(elsewhere.parent)

    system = System(tmp_path / "data", tmp_path / "log", dict(os.environ))
    try:
        system.start()
        for path in ("/kiosk/", "/console/", "/docs/"):
            with urllib.request.urlopen(system.url + path) as page:  # noqa: S310 - our own
                assert b"<script" in page.read()
        system.end(signal.SIGINT)
    finally:
        system.close()
