"""The program `countersign decide --stream`, fed with Arrow batches and read as it answers."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

#: Rows sent at a time; larger batches are sliced.
ROWS_AT_ONCE = 65_536

#: The columns of decisions. Lists are joined with `;`, limits are in fen.
SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("verdict", pa.string()),
        ("interface", pa.string()),
        ("score", pa.int64()),
        ("reasons", pa.string()),
        ("hits", pa.string()),
        ("errors", pa.string()),
        ("limit_single", pa.int64()),
        ("limit_day", pa.int64()),
        ("limit_month", pa.int64()),
        ("limit_year", pa.int64()),
    ]
)
COLUMNS: tuple[str, ...] = tuple(SCHEMA.names)


class CountersignError(RuntimeError):
    """What the program said when it could not decide: a message with the place and the remedy. No decision may be used then."""


class Totals(dict[str, Any]):
    """Filled with the totals of all rows when they are decided, in the form of `countersign dry-run --report FILE.json`."""


def find_binary(binary: str | os.PathLike[str] | None) -> str:
    """The program: the one given, that of the variable COUNTERSIGN, or that of the PATH."""
    wanted = os.fspath(binary) if binary is not None else os.environ.get("COUNTERSIGN", "countersign")
    found = shutil.which(wanted)
    if found is None and os.path.isfile(wanted):
        found = executable_copy(wanted)
    if found is None:
        raise CountersignError(
            f"the program `{wanted}` is not there: give its path as `binary`, or set COUNTERSIGN to it / "
            f"找不到程序 `{wanted}`：请用参数 `binary` 或环境变量 COUNTERSIGN 指定其路径"
        )
    return found


def executable_copy(path: str) -> str:
    """A copy that may be run, of a file that may only be read: some ways to ship a file lose its mode."""
    copy = os.path.join(tempfile.mkdtemp(prefix="countersign-"), "countersign")
    shutil.copyfile(path, copy)
    os.chmod(copy, stat.S_IRUSR | stat.S_IXUSR)
    return copy


def slices(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of at most `ROWS_AT_ONCE`."""
    for batch in batches:
        for start in range(0, max(batch.num_rows, 1), ROWS_AT_ONCE):
            yield batch.slice(start, ROWS_AT_ONCE)


class Feeder(threading.Thread):
    """Writes the batches to the program, which reads as fast as it decides."""

    def __init__(self, program: subprocess.Popen[bytes], schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        super().__init__(name="countersign-feeder", daemon=True)
        self.program, self.schema, self.batches = program, schema, batches
        self.rows = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        source = self.program.stdin
        assert source is not None
        try:
            # Only a writer that comes to its end writes the end mark, and only then the program's answer has one.
            writer = pa.ipc.new_stream(source, self.schema)
            for batch in slices(self.batches):
                writer.write_batch(batch)
                self.rows += batch.num_rows
            writer.close()
        except BrokenPipeError:
            pass  # The program ended before: it says why.
        except BaseException as error:  # noqa: BLE001 - raised again where the decisions are read
            self.error = error
        finally:
            try:
                source.close()
            except OSError:
                pass


def decide_batches(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    release: str | os.PathLike[str],
    *,
    binary: str | os.PathLike[str] | None = None,
    mapping: str | os.PathLike[str] | None = None,
    totals: Totals | None = None,
) -> Iterator[pa.RecordBatch]:
    """Decides batches of that schema, and gives batches of `SCHEMA`: a decision for each row, in order.

    Memory holds some batches, however many there are. An error is raised where the batches end, or before: what was given until then is
    not all, and must not be used as if it were.
    """
    with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
        command = [find_binary(binary), "decide", os.fspath(release), "--stream"]
        if mapping is not None:
            command += ["--mapping", os.fspath(mapping)]
        summary = os.path.join(folder, "totals.json")
        if totals is not None:
            command += ["--totals", summary]
        with open(os.path.join(folder, "messages"), "w+b") as messages:
            program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
            feeder = Feeder(program, schema, batches)
            feeder.start()
            try:
                rows = 0
                for batch in answers(program):
                    rows += batch.num_rows
                    yield batch
                code = program.wait()
                feeder.join()
                if feeder.error is not None:
                    raise feeder.error
                messages.seek(0)
                said = messages.read().decode("utf-8", "replace").strip()
                if code != 0:
                    raise CountersignError(said or f"`{' '.join(command)}` ended with exit code {code}")
                if rows != feeder.rows:
                    raise CountersignError(f"{feeder.rows} rows were sent, and {rows} decisions came back")
                if totals is not None:
                    with open(summary, encoding="utf-8") as file:
                        totals.update(json.load(file))
            finally:
                if program.poll() is None:
                    program.kill()
                    program.wait()
                if program.stdout is not None:
                    program.stdout.close()


def answers(program: subprocess.Popen[bytes]) -> Iterator[pa.RecordBatch]:
    """The batches that come; none where the program ends without a word on its output, and so with one on its errors."""
    assert program.stdout is not None
    try:
        with pa.ipc.open_stream(program.stdout) as reader:
            yield from reader
    except (pa.ArrowInvalid, OSError):
        if program.wait() == 0:
            raise
