#!/usr/bin/env python3
"""Asks Z3 the questions of the prover's generated rule sets and counts disagreements.

    pip install z3-solver && tests/proofs_z3.py [RULE SETS]

Z3 is no dependency of anything: without it this says so and ends well. A question that either solver does not answer is counted apart.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

try:
    import z3
except ImportError:
    print("z3 is not installed: `pip install z3-solver`; nothing is compared")
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETS = sys.argv[1] if len(sys.argv) > 1 else "40"
COMMAND = os.environ.get("PROVE_TEST", "cargo test --quiet --lib questions_are_written_for_another_solver").split()

with tempfile.TemporaryDirectory() as folder:
    begun = time.monotonic()
    subprocess.run(COMMAND, cwd=os.environ.get("PROVE_IN", ROOT), check=True, env={**os.environ, "PROVE_SMT": folder, "PROVE_SETS": SETS})
    print(f"questions written and answered in {time.monotonic() - begun:.1f} s")
    counts, wrong, spent = {}, [], 0.0
    for path in sorted(pathlib.Path(folder).iterdir()):
        ours = path.open().readline().removeprefix("; ").strip()
        solver = z3.Solver()
        solver.set("timeout", 20_000)
        solver.from_file(str(path))
        begun = time.monotonic()
        its = str(solver.check())
        spent += time.monotonic() - begun
        counts[ours, its] = counts.get((ours, its), 0) + 1
        if "unknown" not in (ours, its) and ours != its:
            wrong.append(path.name)
    for (ours, its), count in sorted(counts.items()):
        print(f"ours {ours}, z3 {its}: {count}")
    print(f"z3 took {spent:.1f} s; {len(wrong)} disagreements {wrong}")
    sys.exit(1 if wrong else 0)
