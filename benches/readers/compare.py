"""Reads one CSV file by Countersign and by Polars in turn and prints the best time of each and their ratio.

Usage: python3 compare.py FILE [ROUNDS]; needs `cargo build --release` before, and Polars.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import polars

here = Path(__file__).resolve().parent
target = Path(os.environ.get("CARGO_TARGET_DIR", here / "target"))
file, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5

ours, theirs = [], []
for _ in range(rounds):
    command = [target / "release" / "readers-bench", "seconds", file]
    ours.append(float(subprocess.run(command, check=True, capture_output=True, text=True, cwd=here).stdout))
    start = time.perf_counter()
    frame = polars.read_csv(file)
    theirs.append(time.perf_counter() - start)
    rows = frame.height
    del frame

print(f"{rows} rows, {os.path.getsize(file) / 1e6:.0f} MB, {polars.thread_pool_size()} threads")
print(f"countersign {min(ours):.3f} s, {rows / min(ours):,.0f} rows a second")
print(f"polars {polars.__version__} {min(theirs):.3f} s, {rows / min(theirs):,.0f} rows a second")
print(f"ratio {min(ours) / min(theirs):.2f}")
