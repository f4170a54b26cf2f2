"""The same rules over the same columns by DuckDB, Polars and Countersign, in one run.

    python3 -m venv /tmp/columns && /tmp/columns/bin/pip install -r benches/columns.txt
    cargo build --release --manifest-path benches/Cargo.toml --bin columns
    /tmp/columns/bin/python benches/columns.py [REQUESTS] [ROUNDS]

The peers count how often each rule holds, from columns in memory in the types that suit them best: enums, whole numbers for amounts in
fen and for times; Polars also makes every request's verdict and mask of rules, with totals for each mask. Countersign makes every decision
with its reasons. Other counts or totals than Countersign's end the run.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

HERE = Path(__file__).resolve().parent
PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", HERE / "target")) / "release" / "columns"
ROWS = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7


def sql(cond):
    """A condition in SQL."""
    kind, *parts = cond
    name = lambda field: '"' + field + '"'
    if kind == "is":
        return f"({name(parts[0])} = '{parts[1]}')"
    if kind == "missing":
        return f"({name(parts[0])} IS NULL)"
    if kind == "flag":
        return name(parts[0])
    if kind == "number":
        return f"({' + '.join(map(name, parts[0]))} {parts[1]} {parts[2]})"
    if kind == "in":
        return f"({name(parts[0])} IN ({', '.join(repr(value) for value in parts[1])}))"
    if kind in ("all", "any"):
        return "(" + (" AND " if kind == "all" else " OR ").join(map(sql, parts[0])) + ")"
    if kind == "not":
        return f"(NOT {sql(parts[0])})"
    return f"({sql(parts[0])} = {sql(parts[1])})"


def expression(cond):
    """A condition as an expression of Polars."""
    kind, *parts = cond
    if kind == "is":
        return pl.col(parts[0]) == parts[1]
    if kind == "missing":
        return pl.col(parts[0]).is_null()
    if kind == "flag":
        return pl.col(parts[0])
    if kind == "number":
        total = pl.sum_horizontal(parts[0], ignore_nulls=False) if len(parts[0]) > 1 else pl.col(parts[0][0])
        compare = {"<": total.lt, "<=": total.le, ">": total.gt, ">=": total.ge}[parts[1]]
        return compare(parts[2])
    if kind == "in":
        return pl.col(parts[0]).is_in(parts[1])
    if kind == "all":
        return pl.all_horizontal(list(map(expression, parts[0])))
    if kind == "any":
        return pl.any_horizontal(list(map(expression, parts[0])))
    if kind == "not":
        return ~expression(parts[0])
    return expression(parts[0]) == expression(parts[1])


def median(run):
    """The median time, and what a run gave."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        given = run()
        times.append(time.perf_counter() - start)
    return statistics.median(times), given


def by_duckdb(frame, rules, threads):
    """Counts from a table in DuckDB's own memory."""
    base = duckdb.connect(config={"threads": threads})
    base.register("given", frame.to_arrow())
    enums = {name: kind.categories.to_list() for name, kind in frame.schema.items() if isinstance(kind, pl.Enum) and len(kind.categories)}
    kept = []
    for name in frame.columns:
        if name in enums:
            values = ", ".join(f"'{value}'" for value in enums[name])
            kept.append(f'CAST("{name}" AS ENUM({values})) AS "{name}"')
        else:
            kept.append(f'"{name}"')
    base.execute(f"CREATE TABLE requests AS SELECT {', '.join(kept)} FROM given")
    counts = ", ".join(f"count(*) FILTER (WHERE {sql(rule['when'])})" for rule in rules)
    return median(lambda: list(base.execute(f"SELECT {counts} FROM requests").fetchone()))


def by_polars(frame, rules):
    """Counts from a frame in memory."""
    counts = [expression(rule["when"]).sum().alias(rule["id"]) for rule in rules]
    return median(lambda: list(frame.lazy().select(counts).collect().row(0)))


def decided_by_polars(frame, rules, verdicts):
    """The verdict of every request, which rules hold as a mask, and requests and amounts for every mask; returned are those by verdict."""
    holds = [expression(rule["when"]).fill_null(False) for rule in rules]
    mask = pl.sum_horizontal([hold.cast(pl.UInt32) * (1 << at) for at, hold in enumerate(holds)]).alias("mask")
    verdict = pl.max_horizontal([hold.cast(pl.UInt8) * verdict for hold, verdict in zip(holds, verdicts)]).alias("verdict")
    sums = [pl.len().alias("requests"), pl.col("money.amount").sum(), pl.col("verdict").first()]

    def run():
        decided = frame.lazy().select(verdict, mask, "money.amount").collect()
        return decided, decided.group_by("mask").agg(sums)

    seconds, (_, classes) = median(run)
    by_verdict = {verdict: (requests, fen) for verdict, requests, fen in classes.group_by("verdict").sum().select("verdict", "requests", "money.amount").rows()}
    return seconds, [list(by_verdict.get(verdict, (0, 0))) for verdict in range(4)]


def loaded(folder):
    """The requests in the types that suit the peers best."""
    frame = pl.read_parquet(folder / "requests.parquet")
    made = []
    for name, kind in frame.schema.items():
        if isinstance(kind, pl.Decimal):
            made.append((pl.col(name) * 100).cast(pl.Int64))
        elif isinstance(kind, pl.Datetime):
            made.append(pl.col(name).dt.epoch("us"))
        elif kind == pl.String and frame[name].n_unique() <= 40:
            made.append(pl.col(name).cast(pl.Enum(sorted(frame[name].drop_nulls().unique()))))
    return frame.with_columns(made).rechunk()


def with_every_value(frame, rules):
    """Enums that also have the values that rules name and no request has."""
    named = {}

    def walk(cond):
        if cond[0] == "is":
            named.setdefault(cond[1], set()).add(cond[2])
        for part in cond[1:]:
            for inner in part if isinstance(part, list) and part and isinstance(part[0], list) else [part]:
                if isinstance(inner, list) and inner and isinstance(inner[0], str) and inner[0] in KINDS:
                    walk(inner)

    for rule in rules:
        walk(rule["when"])
    wider = []
    for name, values in named.items():
        if isinstance(frame.schema[name], pl.Enum):
            known = frame.schema[name].categories.to_list()
            wider.append(pl.col(name).cast(pl.String).cast(pl.Enum(sorted(set(known) | values))))
    return frame.with_columns(wider)


KINDS = {"is", "missing", "flag", "number", "in", "all", "any", "not", "same"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run([PROGRAM, "export", folder, str(ROWS)], check=True)
        rules = json.loads((folder / "rules.json").read_text())
        frame = with_every_value(loaded(folder), rules)
    ours = json.loads(subprocess.run([PROGRAM, "time", str(ROWS), str(ROUNDS)], check=True, capture_output=True, text=True).stdout)
    lines = [("Countersign, all cores, full decisions", ours["all_cores"]), ("Countersign, one core, full decisions", ours["one_core"])]
    given = ours["given"]
    runs = [
        (f"DuckDB {duckdb.__version__}, all cores, counts", "hits", lambda: by_duckdb(frame, rules, ours["cores"])),
        (f"DuckDB {duckdb.__version__}, one core, counts", "hits", lambda: by_duckdb(frame, rules, 1)),
        (f"Polars {pl.__version__}, {pl.thread_pool_size()} threads, counts", "hits", lambda: by_polars(frame, rules)),
        (
            f"Polars {pl.__version__}, {pl.thread_pool_size()} threads, verdicts, masks and totals",
            "totals",
            lambda: decided_by_polars(frame, rules, given["verdicts"]),
        ),
    ]
    for name, what, run in runs:
        seconds, got = run()
        if got != given[what]:
            sys.exit(f"{name}: {what} are {got}, not {given[what]}")
        lines.append((name, seconds))
    print(f"\n{len(rules)} shipped rules, {ROWS} generated requests, equal counts, medians of {ROUNDS} rounds\n")
    print("| what | milliseconds | ns a request | against the first |\n|---|---:|---:|---:|")
    for name, seconds in lines:
        print(f"| {name} | {seconds * 1e3:.1f} | {seconds * 1e9 / ROWS:.1f} | {seconds / lines[0][1]:.2f} |")


main()
