#!/usr/bin/env python3
"""Decides tables by the statements of `countersign translate` in DuckDB, and compares every column of every row with a dry run.

Usage: differences.py COUNTERSIGN [FOLDER]: the program, and a folder of `self_check` statements of generated rule sets.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = "key verdict interface score reasons hits errors limit_single limit_day limit_month limit_year".split()

# Payments of the foreign schema as a table of its own types; the mapping said in SQL.
PAYMENTS = """
CREATE TABLE requests AS SELECT
    transaction_id AS "payment.id",
    (CAST("date" AS VARCHAR) || ' ' || CAST("time" AS VARCHAR) || '+00')::TIMESTAMPTZ AS "payment.paid_at",
    CAST(amount AS DECIMAL(12, 2)) AS "payment.amount",
    category AS "merchant.category",
    profile AS "holder.profile",
    is_fraud = 1 AS "outcome.fraud"
FROM read_csv('{file}', types = {{'amount': 'DECIMAL(12, 2)'}})
"""

# Rows that cannot be read: each is one of the sample with another value.
BROKEN = [
    ("request.operation", "'NOTHING'"),
    ("request.operation", "NULL"),
    ("customer.id_hash", "' a'"),
    ("card.hash", "chr(233) || chr(769)"),
]


def run(program, *args):
    return subprocess.run([program, *map(str, args)], check=True, capture_output=True, text=True).stdout


def compare(connection, decide, expected, what):
    """Every column of every row that the statement decides for certain; gives how many it does not."""
    connection.execute("CREATE OR REPLACE TABLE decided AS " + decide)
    connection.execute(f"CREATE OR REPLACE TABLE expected AS SELECT * FROM read_parquet('{expected}')")
    differs = " OR ".join(f"d.{name} IS DISTINCT FROM e.{name}" for name in COLUMNS)
    query = f"FROM expected e FULL JOIN decided d ON d.key = e.key WHERE d.key IS NULL OR e.key IS NULL OR {differs}"
    rows = connection.execute("SELECT count(*) FROM expected").fetchone()[0]
    found = connection.execute(f"SELECT count(*) {query}").fetchone()[0]
    if found:
        sys.exit(f"{what}: {found} of {rows} rows differ, such as\n{connection.sql('SELECT * ' + query + ' LIMIT 5')}")
    asked = connection.execute("SELECT count(*) FROM decided WHERE asked").fetchone()[0]
    print(f"{what}: 0 of {rows} rows differ in {len(COLUMNS)} columns; {asked} asked")
    return asked


def workspace(program, folder, target, requests, load, mapping=()):
    connection = duckdb.connect()
    # A zone of the session that no rule may depend on.
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.execute(load)
    run(program, "translate", target, "--to", "duckdb", "--out", folder)
    again = folder / "again"
    run(program, "translate", target, "--to", "duckdb", "--out", again)
    for name in ("decide.sql", "totals.sql", "self_check.sql"):
        assert (folder / name).read_bytes() == (again / name).read_bytes(), name
    expected = folder / "expected.parquet"
    run(program, "dry-run", target, "--requests", requests, *mapping, "--decisions", expected)
    decide = (folder / "decide.sql").read_text()
    asked = compare(connection, decide, expected, f"{target}: {pathlib.Path(requests).name}")
    wrong = connection.execute((folder / "self_check.sql").read_text()).fetchall()
    if wrong:
        sys.exit(f"{target}: the self-check finds {len(wrong)} rows, such as {wrong[0]}")
    print(f"{target}: the self-check finds no row")
    # One parameter changed: the check must see it.
    check = (folder / "self_check.sql").read_text()
    other = re.sub(r"CAST\((\d+) AS HUGEINT\) AS (\"params\.(?:min_age|very_large)\")", r"CAST(\g<1> + 1 AS HUGEINT) AS \2", check)
    assert other != check and connection.execute(other).fetchall(), "a changed parameter goes unseen"
    totals = connection.execute((folder / "totals.sql").read_text()).fetchall()
    by_verdict = {name: count for figure, name, count, _ in totals if figure == "verdict"}
    assert by_verdict == dict(connection.execute("SELECT verdict, count(*) FROM expected GROUP BY verdict").fetchall()), by_verdict
    return connection, decide, asked


def broken(connection, decide):
    """Rows that cannot be read are asked, and no other row changes."""
    for column, value in BROKEN:
        connection.execute('CREATE OR REPLACE TABLE whole AS SELECT * FROM requests')
        first = connection.execute('SELECT min("request.id") FROM requests').fetchone()[0]
        connection.execute(f'UPDATE requests SET "{column}" = {value} WHERE "request.id" = ?', [first])
        wrong = connection.execute(f"SELECT key, verdict, errors, asked FROM ({decide.rstrip().rstrip(';')}) WHERE asked").fetchall()
        assert wrong == [(first, None, f"unread:{column}", True)], (column, value, wrong[:3])
        connection.execute("CREATE OR REPLACE TABLE requests AS SELECT * FROM whole")
    print(f"{len(BROKEN)} rows that cannot be read are asked")


def main():
    program, generated = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        sample = ROOT / "assets/samples/signing-requests.parquet"
        load = f"CREATE TABLE requests AS SELECT * FROM read_parquet('{sample}')"
        connection, decide, asked = workspace(program, scratch / "rules", ROOT / "rules", sample, load)
        assert asked == 0, asked
        broken(connection, decide)
        payments = ROOT / "tests/card-payments/payments.csv"
        workspace(
            program,
            scratch / "payments",
            ROOT / "tests/card-payments",
            payments,
            PAYMENTS.format(file=payments),
            ("--mapping", "payments"),
        )
    checked = 0
    for folder in generated:
        for path in sorted(pathlib.Path(folder).glob("*.sql")):
            wrong = duckdb.connect().execute(path.read_text()).fetchall()
            if wrong:
                sys.exit(f"{path}: the self-check finds {len(wrong)} rows, such as {wrong[0]}")
            checked += 1
        assert checked, f"no statement in {folder}"
    if generated:
        print(f"{checked} generated rule sets: the self-checks find no row")


main()
