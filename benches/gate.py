#!/usr/bin/env python3
"""Counts the instructions of fixed pieces of work and compares them with benches/gate.json: more than 5 % away fails.

    benches/gate.py              compares
    benches/gate.py --update     writes the counts down

callgrind counts what the program executes, so that the counts are the same on a slow and a busy machine. The work is done once and twice,
and the difference counts: what comes before it does not. The order of hash tables and threads differs a little from run to run: a count
that is off is taken again, and the lowest of three holds. Figures hold for one architecture and one compiler; with another, the counts are
printed and not compared. Needs valgrind and a release build of `countersign-gate`.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release" / "countersign-gate"
FIGURES = HERE / "gate.json"
WORK = ["decide", "batch", "many-requests", "rows", "edit", "compile", "read-csv", "verify"]
TOLERANCE = 0.05
TRIES = 3


def instructions(work, rounds):
    with tempfile.NamedTemporaryFile() as counts:
        command = ["taskset", "--cpu-list", "0", "valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={counts.name}"]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        subprocess.run([*command, PROGRAM, work, str(rounds)], check=True, env=environment, stdin=subprocess.DEVNULL)
        total = next(line for line in Path(counts.name).read_text().splitlines() if line.startswith("totals:"))
        return int(total.split()[1])


def lowest(work, stored):
    counts = []
    while len(counts) < TRIES and (not counts or stored is None or abs(min(counts) / stored - 1) > TOLERANCE / 2):
        counts.append(instructions(work, 2) - instructions(work, 1))
    return min(counts)


def main():
    compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True, cwd=HERE).stdout.split()[1]
    machine = f"{platform.machine()}, rustc {compiler}"
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    known = {} if "--update" in sys.argv[1:] else figures.get(machine, {})
    counts = {work: lowest(work, known.get(work)) for work in WORK}
    if "--update" in sys.argv[1:]:
        figures[machine] = counts
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    stored = figures.get(machine)
    if stored is None:
        for work, count in counts.items():
            print(f"{work:13} {count:15,} instructions")
        print(f"NOT compared: {FIGURES.name} has no figures for {machine}; `benches/gate.py --update` writes them down")
        return 0
    missed = 0
    for work, count in counts.items():
        if work not in stored:
            print(f"{work:13} {count:15,} instructions, NOT compared: `benches/gate.py --update` writes them down")
            continue
        change = count / stored[work] - 1
        missed += abs(change) > TOLERANCE
        print(f"{work:13} {count:15,} instructions, stored {stored[work]:15,}: {change:+.2%}{' FAILED' * (abs(change) > TOLERANCE)}")
    if missed:
        print("a change of speed that is meant is written down by `benches/gate.py --update`, and explained in the commit")
    return 1 if missed else 0


sys.exit(main())
