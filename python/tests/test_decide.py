"""Frames of every library against a dry run of the same rows: every column of every row."""

from __future__ import annotations

import countersign
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


def same(decided: pa.Table, expected: pa.Table) -> None:
    assert decided.schema.equals(countersign.SCHEMA)
    assert decided.to_pylist() == expected.to_pylist()


@pytest.mark.parametrize("rows", [1, 7, 4096, 1 << 30])
def test_batches_of_any_size(sample, expected, release, binary, rows):
    some = 500 if rows == 1 else sample.num_rows
    reader = sample.slice(0, some).to_reader(rows)
    decided = countersign.decide(reader, release, binary)
    assert isinstance(decided, pa.RecordBatchReader)
    same(decided.read_all(), expected.slice(0, some))


def test_a_table_and_its_totals(sample, expected, release, binary):
    totals = countersign.Totals()
    same(countersign.decide(sample, release, binary, totals=totals), expected)
    verdicts = {line["verdict"]: line["sums"]["requests"] for line in totals["summary"]["verdicts"]}
    assert sum(verdicts.values()) == sample.num_rows
    assert verdicts["decline"] == expected["verdict"].to_pylist().count("decline")


def test_pandas(sample, expected, release, binary):
    decided = countersign.decide(sample.to_pandas(), release, binary)
    assert isinstance(decided, pd.DataFrame)
    assert str(decided["limit_day"].dtype) == "Int64"
    same(pa.Table.from_pandas(decided, schema=countersign.SCHEMA, preserve_index=False), expected)


def test_pandas_categories_and_an_index(sample, expected, release, binary):
    frame = sample.to_pandas()
    texts = [name for name in frame.columns if any(isinstance(value, str) for value in frame[name].dropna().head(1))]
    assert len(texts) > 10
    frame = frame.astype({name: "category" for name in texts})
    frame.index = frame.index + 7
    decided = countersign.decide(frame, release, binary)
    same(pa.Table.from_pandas(decided, schema=countersign.SCHEMA, preserve_index=False), expected)


def test_polars(sample, expected, release, binary):
    frame = pl.DataFrame(sample)
    for given in (frame, frame.lazy()):
        decided = countersign.decide(given, release, binary)
        assert isinstance(decided, pl.DataFrame)
        same(decided.to_arrow().cast(countersign.SCHEMA), expected)


def test_duckdb(sample, expected, release, binary):
    requests = duckdb.connect().from_arrow(sample)
    same(countersign.decide(requests, release, binary), expected)


def test_fields_inside_structs(sample, expected, release, binary):
    groups: dict[str, list[str]] = {}
    for name in sample.column_names:
        groups.setdefault(name.split(".")[0], []).append(name)
    nested = {
        group: pa.StructArray.from_arrays(
            [sample[name].combine_chunks() for name in names], names=[name.split(".", 1)[1] for name in names]
        )
        for group, names in groups.items()
    }
    same(countersign.decide(pa.table(nested), release, binary), expected)


def test_no_rows(sample, release, binary):
    same(countersign.decide(sample.slice(0, 0), release, binary), countersign.SCHEMA.empty_table())


def test_rows_that_cannot_be_read_keep_their_places(sample, expected, release, binary):
    frame = sample.slice(0, 100).to_pandas()
    frame["request.operation"] = frame["request.operation"].astype(object)
    frame.loc[[0, 41, 99], "request.operation"] = "NOTHING"
    decided = countersign.decide(frame, release, binary)
    for row, wanted in enumerate(expected.slice(0, 100).to_pylist()):
        given = decided.iloc[row]
        assert given["key"] == wanted["key"]
        if row in (0, 41, 99):
            assert pd.isna(given["verdict"]) and given["errors"] == "unread:request.operation"
        else:
            assert given["verdict"] == wanted["verdict"]


def test_what_cannot_be_decided_is_said(sample, release, binary, tmp_path):
    with pytest.raises(countersign.CountersignError, match="request.operation"):
        countersign.decide(sample.drop_columns(["request.operation"]), release, binary)
    with pytest.raises(countersign.CountersignError, match="request.operations"):
        names = [name.replace("request.operation", "request.operations") for name in sample.column_names]
        countersign.decide(sample.rename_columns(names), release, binary)
    with pytest.raises(countersign.CountersignError, match="nowhere"):
        countersign.decide(sample, tmp_path / "nowhere.ron", binary)
    with pytest.raises(countersign.CountersignError, match="COUNTERSIGN"):
        countersign.decide(sample, release, tmp_path / "no-binary")
    with pytest.raises(TypeError, match="pandas"):
        countersign.decide([1, 2, 3], release, binary)


def test_a_source_that_fails_gives_no_whole_answer(sample, release, binary):
    def broken():
        yield from sample.to_batches(4096)[:2]
        raise ZeroDivisionError("the source broke")

    with pytest.raises(ZeroDivisionError):
        list(countersign.decide_batches(sample.schema, broken(), release, binary=binary))


def test_a_reader_may_be_left_early(sample, release, binary):
    decided = countersign.decide_batches(sample.schema, iter(sample.to_batches(4096)), release, binary=binary)
    assert next(decided).num_rows > 0
    decided.close()
