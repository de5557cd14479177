"""Each planted fault is caught by the tests that guard its law; without a fault the same tests pass."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants import faults
from tests.mutants.faults import Fault
from tests.mutants.faults_of_access import OF_ACCESS
from tests.programs import ROOT, inherited

pytestmark = pytest.mark.proof
SOURCES = ("domain", "models", "services", "schema", "resolvers", "server", "migrations", "dashboard", "tests")
FAULTS = [*faults.FAULTS, *OF_ACCESS]
FAILED = 1  # what pytest answers when tests ran and some failed: an error of its own is another number
LONGEST_SECONDS = 600


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """The program's and the tests' sources, to be spoilt."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    yield tmp_path
    shutil.rmtree(tmp_path)


def run(place: Path, tests: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", *tests.split()]
    return subprocess.run(
        command, cwd=place, env=inherited(), text=True, capture_output=True, check=False, timeout=LONGEST_SECONDS
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_planted_fault_is_caught(copy: Path, fault: Fault) -> None:
    spoilt = copy / fault.file
    source = spoilt.read_text()
    assert source.count(fault.text) == 1, f"{fault.file} has changed: say anew where this fault would be made"
    spoilt.write_text(source.replace(fault.text, fault.instead))
    done = run(copy, fault.tests)
    assert done.returncode == FAILED, f"law {fault.law} is broken, and nobody noticed:\n{done.stdout[-2000:]}"


def test_without_a_fault_the_same_tests_pass(copy: Path) -> None:
    done = run(copy, " ".join(sorted({name for fault in FAULTS for name in fault.tests.split()})))
    assert done.returncode == 0, done.stdout[-4000:]
