"""Whether a run's tables are the same, to the last digit, on one thread and on two.

    python benchmarks/same_on_any_threads.py INPUT FOLDER [--set NAME=VALUE …]

runs the census job on the input twice, into FOLDER/1 and FOLDER/2, and names the
tables that differ. DuckDB hands work to threads in parts of 122,880 rows, so it takes
the whole country to show: --set region=all --set clusters=8 --set subgroups=3.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from placetypes.database import connect  # noqa: E402 - found by the path above


def run(source: str, output: Path, threads: int, settings: list[str]) -> None:
    """Run the census job on so many threads."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "run", "census"]
    command += ["--input", source, "--output", str(output), *settings]
    command += ["--set", f"pipeline.threads={threads}"]
    subprocess.run(command, cwd=ROOT, check=True)


def differing(one: Path, other: Path) -> dict[str, int]:
    """Return the tables of two results that differ, with the number of such rows."""
    with connect() as connection:
        for name, folder in (("one", one), ("other", other)):
            path = folder / "placetypes.duckdb"
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'one' and schema_name <> 'meta' order by all"
        ).fetchall()
        counts = {
            table: connection.sql(
                f"select (select count(*) from (from one.{table} except all "
                f"from other.{table})) + (select count(*) from (from other.{table} "
                f"except all from one.{table}))"
            ).fetchone()[0]
            for (table,) in tables
        }
    return {table: count for table, count in counts.items() if count}


def main() -> int:
    """Run twice and compare; the exit code is 1 where a table differs."""
    source, folder, *settings = sys.argv[1:]
    for threads in (1, 2):
        run(source, Path(folder) / str(threads), threads, settings)
    found = differing(Path(folder) / "1", Path(folder) / "2")
    for table, rows in found.items():
        print(f"{table}: {rows:,} rows differ")
    print(f"{len(found)} tables differ")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
