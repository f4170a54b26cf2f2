"""Local Spark with the program shipped as `--files` ships it, against a dry run of the same rows."""

from __future__ import annotations

import countersign
import pytest
from conftest import SAMPLE

pyspark = pytest.importorskip("pyspark")


@pytest.fixture(scope="module")
def spark(binary, release):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("countersign").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.session.timeZone", "America/New_York").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    session.sparkContext.addFile(binary)
    session.sparkContext.addFile(release, recursive=True)
    yield session
    session.stop()


def test_every_column_of_every_row(spark, expected):
    requests = spark.read.parquet(str(SAMPLE)).repartition(5)
    decided = countersign.spark_decide(requests, "rules").toArrow()
    assert decided.num_rows == expected.num_rows
    rows = {row["key"]: row for row in decided.to_pylist()}
    assert len(rows) == expected.num_rows
    assert [rows[row["key"]] for row in expected.to_pylist()] == expected.to_pylist()


def test_a_partition_without_rows_and_one_that_is_refused(spark):
    requests = spark.read.parquet(str(SAMPLE))
    assert countersign.spark_decide(requests.limit(0), "rules").count() == 0
    with pytest.raises(Exception, match="request.operation"):
        countersign.spark_decide(requests.drop(pyspark.sql.functions.col("`request.operation`")), "rules").count()
    with pytest.raises(Exception, match="--files no-release.ron"):
        countersign.spark_decide(requests, "no-release.ron").count()
