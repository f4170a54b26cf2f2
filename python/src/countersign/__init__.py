"""Decide requests where they are, by the rules of a Countersign release or workspace.

`decide` takes a pandas or Polars frame, a DuckDB relation, a PyArrow table or reader; `spark_decide` a Spark frame. Both hand the rows to
the program `countersign` as an Arrow stream and give back one decision a row, in the same order, in the columns `COLUMNS`.
"""

from countersign._frames import decide
from countersign._spark import spark_decide
from countersign._stream import COLUMNS, SCHEMA, CountersignError, Totals, decide_batches

__all__ = ["COLUMNS", "SCHEMA", "CountersignError", "Totals", "decide", "decide_batches", "spark_decide"]
