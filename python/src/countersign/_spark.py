"""The program inside Spark: each task runs it on the rows of its partition."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from countersign import _stream

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: The schema of decisions, as Spark writes it.
SPARK_SCHEMA = ", ".join(f"{field.name} {'long' if field.type == pa.int64() else 'string'}" for field in _stream.SCHEMA)


def spark_decide(
    df: DataFrame,
    release: str,
    *,
    binary: str = "countersign",
    mapping: str | None = None,
) -> DataFrame:
    """Decides every row of a Spark frame by a release: a frame of decisions, computed where the partitions are.

    The program and the release go to the executors by `spark-submit --files countersign,live.ron`, or `SparkContext.addFile`; `release`,
    `binary` and `mapping` are the names they have there, or paths that every executor has. Nothing need be installed there but PyArrow.

    A task that cannot decide fails, and the job with it, with what the program says: no half result is taken for a whole one.
    """
    from pyspark import cloudpickle

    # Sent with the task, so that the executors need not have this package.
    for module in (_stream, sys.modules[__name__]):
        cloudpickle.register_pickle_by_value(module)

    # Spark would take a dot in a column's name for a member of a struct: the names travel beside the columns.
    names = df.columns
    numbered = df.toDF(*(f"column_{at}" for at in range(len(names))))

    def decide_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        named = (batch.rename_columns(names) for batch in batches)
        first = next(named, None)
        if first is None:
            return
        shipped_mapping = None if mapping is None else shipped(mapping)
        yield from _stream.decide_batches(
            first.schema, chain(first, named), shipped(release), binary=shipped(binary), mapping=shipped_mapping
        )

    return numbered.mapInArrow(decide_partition, SPARK_SCHEMA)


def chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def shipped(name: str) -> str:
    """Where a file is on this executor that was shipped under that name."""
    from pyspark import SparkFiles

    if os.path.isabs(name):
        return name
    places = [SparkFiles.get(name), os.path.join(os.getcwd(), name)]
    found = next((place for place in places if os.path.exists(place)), None)
    if found is None:
        raise _stream.CountersignError(
            f"`{name}` was not shipped to this executor: `spark-submit --files {name}` / "
            f"`{name}` 未下发到该执行器：请使用 `spark-submit --files {name}`"
        )
    return found
