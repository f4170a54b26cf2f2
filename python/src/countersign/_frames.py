"""Frames of the usual libraries as Arrow batches, and back. None of these libraries is needed unless its frames are handed in."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from countersign._stream import ROWS_AT_ONCE, SCHEMA, Totals, decide_batches


def decide(
    frame: Any,
    release: str | os.PathLike[str],
    binary: str | os.PathLike[str] | None = None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    totals: Totals | None = None,
) -> Any:
    """Decides every row of a frame by a release or workspace: one decision a row, in the same order.

    frame: a pandas or Polars DataFrame, a DuckDB relation, a PyArrow Table, RecordBatch or RecordBatchReader, or anything else with
        `__arrow_c_stream__`. Its columns are named `group.field`, or are structs with the fields in them, unless a mapping names them.
    release: the file of a release, or the folder of a workspace.
    binary: the program `countersign`; that of the variable COUNTERSIGN or of the PATH when left out.
    mapping: a column mapping: its name in the workspace, or a file.
    totals: is filled with the totals of all rows.

    A pandas or Polars frame gives a frame of the same kind, a reader gives a reader that decides while it is read, and everything else a
    PyArrow Table. A row that cannot be read has no verdict, and `unread:COLUMN` in `errors`.

    Raises CountersignError with what is wrong and how to mend it.
    """
    reader, back = as_reader(frame)
    decided = decide_batches(reader.schema, reader, release, binary=binary, mapping=mapping, totals=totals)
    return back(pa.RecordBatchReader.from_batches(SCHEMA, decided))


def as_reader(frame: Any) -> tuple[pa.RecordBatchReader, Callable[[pa.RecordBatchReader], Any]]:
    """The rows of a frame, and what makes a frame of that kind of the decisions."""
    library = type(frame).__module__.partition(".")[0]
    if isinstance(frame, pa.RecordBatchReader):
        return frame, lambda decisions: decisions
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    if isinstance(frame, pa.Table):
        return frame.to_reader(ROWS_AT_ONCE), pa.RecordBatchReader.read_all
    if library == "pandas":
        return pa.Table.from_pandas(frame, preserve_index=False).to_reader(ROWS_AT_ONCE), to_pandas
    if library == "polars":
        frame = frame.collect() if hasattr(frame, "collect") else frame
        return pa.RecordBatchReader.from_stream(frame), to_polars
    if library == "pyspark":
        raise TypeError("a Spark frame is decided by `spark_decide` / Spark 数据框请用 `spark_decide`")
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(frame), pa.RecordBatchReader.read_all
    raise TypeError(
        f"`{type(frame).__name__}` is no frame that can be decided: give one of pandas, Polars, DuckDB or PyArrow / "
        f"无法决策 `{type(frame).__name__}`：请传入 pandas、Polars、DuckDB 或 PyArrow 的数据"
    )


def to_pandas(decisions: pa.RecordBatchReader) -> Any:
    """As pandas; whole numbers stay whole where some are missing."""
    import pandas

    return decisions.read_all().to_pandas(types_mapper={pa.int64(): pandas.Int64Dtype()}.get)


def to_polars(decisions: pa.RecordBatchReader) -> Any:
    """As Polars."""
    import polars

    return polars.DataFrame(decisions.read_all())
