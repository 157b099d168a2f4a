"""How well the reader of portraits finds contradictions: 1,061 clauses and their truth.

The clauses were written by hand from the published tables of two real classifications,
true and with contradictions planted; figures.csv holds what those tables say.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from models_py.parts.naming.name_mentions import name_mentions

FOLDER = Path(__file__).parent
WORDS = FOLDER.parents[1] / "data" / "naming_words.csv"
FALSE = ("contradicted", "within 80-120", "not the commonest")


def read_clauses() -> list[dict[str, str]]:
    """Return the clauses with region, cluster and is_true (true or false)."""
    with (FOLDER / "clauses.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def is_called_false(clause: dict[str, str], words: pa.Table, figures: pa.Table) -> bool:
    """Tell whether the check finds anything false in a clause."""
    given = {
        "level": "supergroup",
        "cluster": clause["cluster"],
        "fate": "kept",
        "name": "",
        "portrait": clause["clause"],
    }
    found = name_mentions(pa.Table.from_pylist([given]), words, figures)
    return any(verdict in FALSE for verdict in found["verdict"].to_pylist())


def measure() -> dict[str, Counter]:
    """Return, for true and false clauses, how many were called false or not."""
    counts: dict[str, Counter] = {"true": Counter(), "false": Counter()}
    for clause in read_clauses():
        words_and_figures = tables(clause["region"], clause["cluster"])
        counts[clause["is_true"]][is_called_false(clause, *words_and_figures)] += 1
    return counts


@cache
def tables(*place: str) -> tuple[pa.Table, pa.Table]:
    """Return a cluster's figures, and the words of the variables that they hold."""
    with duckdb.connect() as database:
        database.read_csv(str(WORDS), all_varchar=True).create("words")
        database.read_csv(str(FOLDER / "figures.csv")).create("figures")
        of_place = "from figures where region = $1 and cluster = $2"
        # As in a run, whose word list has the variables of its tables only.
        of_words = f"from words where variable in (select variable {of_place})"
        words, figures = (
            database.execute(query, place).to_arrow_table()
            for query in (of_words, of_place)
        )
    return words, figures


if __name__ == "__main__":
    for truth, called in measure().items():
        print(f"{truth}: {called[True]} of {called.total()} called false")
