"""The program, the shipped workspace and sample, and what a dry run decides: every test compares with that."""

from __future__ import annotations

import os
import pathlib
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "assets" / "samples" / "signing-requests.parquet"


@pytest.fixture(scope="session")
def binary() -> str:
    given = os.environ.get("COUNTERSIGN")
    built = [ROOT / "target" / profile / "countersign" for profile in ("release", "debug")]
    found = [given] if given else [str(path) for path in built if path.exists()]
    assert found, "build the program first: cargo build --release --no-default-features --features cli"
    return found[0]


@pytest.fixture(scope="session")
def release() -> str:
    return str(ROOT / "rules")


@pytest.fixture(scope="session")
def sample() -> pa.Table:
    return pq.read_table(SAMPLE)


@pytest.fixture(scope="session")
def expected(binary: str, release: str, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    out = tmp_path_factory.mktemp("dry-run") / "decisions.parquet"
    subprocess.run([binary, "dry-run", release, "--requests", SAMPLE, "--decisions", out], check=True, stdout=subprocess.DEVNULL)
    return pq.read_table(out)
