"""reading.py: whatever a query calls its columns, sql prints it."""

import csv
import io

import pytest

import pipeline


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("left('E01', 1), right('E01', 2)", ["E", "01"]),
        ("""max('a') as "A b", 'x' as "b""c", 1 as a, 2 as a""", ["a", "x", "1", "2"]),
        ("left('ab', 1), st_point(1, 2)", ["a", "POINT (1 2)"]),
    ],
)
def test_columns_need_no_alias(columns, row, exported, capsys):
    query = f"select {columns}"
    assert pipeline.main(["sql", query, "--csv", "--output", str(exported)]) == 0
    assert list(csv.reader(io.StringIO(capsys.readouterr().out)))[1] == row


def test_checks_ask_for_the_parameters_of_the_run(small_city, tmp_path, command):
    arguments = ["run", "census.scaled_variables", "--input", small_city]
    arguments += ["--set", "region=West", "--set", "scaling=z_score"]
    assert command(*arguments, "--output", tmp_path / "outputs").code == 0
    outcome = command("check", "--output", tmp_path / "outputs")
    assert outcome.code == 0, outcome.err
    assert "unless they are z-scores" in outcome.out
