"""The command line as a user types it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHEAP = "census.left_out"  # all of the region's rules and no k-means


@pytest.fixture
def output(small_city, tmp_path, command) -> Path:
    """Run a few cheap models on the small city and give the output folder."""
    folder = tmp_path / "outputs"
    outcome = command(
        "run", CHEAP, "--input", small_city, "--output", folder, "--set", "region=West"
    )
    assert outcome.code == 0
    return folder


def run_apart(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run pipeline.py in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "pipeline.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


def test_help_lists_every_command(command):
    outcome = command("--help")
    assert outcome.code == 0
    for name in (
        "run",
        "plan",
        "ls",
        "params",
        "sql",
        "show",
        "check",
        "history",
        "compare",
        "compare-with",
        "similar",
    ):
        assert f"  {name} " in outcome.out


@pytest.mark.parametrize(
    "name",
    [
        "run",
        "plan",
        "ls",
        "params",
        "sql",
        "show",
        "check",
        "history",
        "compare",
        "compare-with",
        "similar",
    ],
)
def test_each_command_explains_itself(name, command):
    outcome = command(name, "--help")
    assert outcome.code == 0
    assert "Usage:" in outcome.out


def test_an_unknown_command_is_refused_without_a_traceback():
    process = run_apart("rum")
    assert process.returncode == 2
    assert "No such command 'rum'" in process.stderr
    assert "Traceback" not in process.stderr


def test_ls_says_what_one_row_is_and_what_it_is_made_from(command):
    printed = command("ls", "census.supergroups").out
    assert "census.supergroups" in printed
    assert "one area and its supergroup" in printed
    assert "cluster_inputs" in printed


def test_ls_draws_the_graph_as_text_or_mermaid(command):
    printed = command("ls", "+census.region_areas", "--graph").out
    assert "districts" in printed
    mermaid = command("ls", "+census.region_areas", "--mermaid").out
    assert mermaid.startswith("flowchart LR")


def test_docs_writes_one_page(output, command):
    assert command("docs", "--output", output).code == 0
    page = (output / "docs.html").read_text("utf-8")
    assert "census.region_areas" in page
    assert not re.search(r"(src|href)=.?https?:", page)


def test_params_shows_where_a_value_came_from(command):
    printed = command("params", "--set", "census.clusters=6").out
    line = next(line for line in printed.splitlines() if "census.clusters " in line)
    assert line.split()[1:3] == ["6", "--set"]


def test_sql_prints_a_table_csv_or_json(output, command):
    query = "select 1 as one, 'a,b' as text"
    options = ["--output", output]
    assert "one  text" in command("sql", query, *options).out
    assert command("sql", query, "--csv", *options).out == 'one,text\n1,"a,b"\n'
    printed = command("sql", query, "--json", *options).out
    assert json.loads(printed) == [{"one": 1, "text": "a,b"}]


def test_sql_shows_geometry_as_text(output, command):
    query = "select geometry from census.areas where area = 'E00'"
    printed = command("sql", query, "--csv", "--output", output).out
    assert "MULTIPOLYGON (((" in printed


def test_sql_can_only_read(output, command):
    outcome = command("sql", "drop table census.areas", "--output", output)
    assert outcome.code == 1
    assert "read-only" in outcome.err


def test_what_looks_like_markup_is_printed_as_it_is(output, command):
    printed = command("sql", "select '[red]A[/red]' as t", "--output", output).out
    assert "[red]A[/red]" in printed


def test_show_prints_as_many_rows_as_asked(output, command):
    options = ["--csv", "--output", output]
    printed = command("show", "census.region_areas", "--rows", 3, *options).out
    assert len(printed.splitlines()) == 4


def test_show_names_the_nearest_table(output, command):
    outcome = command("show", "census.region_area", "--output", output)
    assert outcome.code == 1
    assert "Did you mean census.region_areas?" in outcome.err


def test_a_folder_without_results_says_what_to_do(tmp_path, command):
    outcome = command("sql", "select 1", "--output", tmp_path)
    assert outcome.code == 1
    assert "python pipeline.py run" in outcome.err


def test_an_unknown_parameter_names_the_nearest(small_city, tmp_path, command):
    outcome = command(
        *["run", CHEAP, "--input", small_city, "--output", tmp_path],
        *["--set", "regoin=West"],
    )
    assert outcome.code == 1
    assert "Did you mean region?" in outcome.err


def test_an_unknown_region_lists_the_known_ones(small_city, tmp_path, command):
    outcome = command(
        *["run", CHEAP, "--input", small_city, "--output", tmp_path],
        *["--set", "region=West'; drop table census.areas; --"],
    )
    assert outcome.code == 1
    assert "Known: Nowhere, West" in outcome.err


def test_more_clusters_than_areas_are_refused(small_city, tmp_path, command):
    outcome = command(
        *["run", "census.supergroups", "--input", small_city, "--output", tmp_path],
        *["--set", "region=West", "--set", "census.clusters=41"],
    )
    assert outcome.code == 1
    assert "41" in outcome.err
    assert "40" in outcome.err


def test_a_list_of_subgroups_of_the_wrong_length_is_refused(
    small_city, tmp_path, command
):
    outcome = command(
        *["run", "census.subgroups", "--input", small_city, "--output", tmp_path],
        *["--set", "region=West", "--set", "clusters=2", "--set", "subgroups=2,2,2"],
        *["--set", "restarts=5"],
    )
    assert outcome.code == 1
    assert outcome.err.strip().endswith(
        "census.subgroups (--set) lists 3 numbers, but census.clusters (--set) is 2; "
        "give one for each, or one number for all."
    )
    assert not list(tmp_path.glob("*.duckdb"))  # before anything was built


def test_the_lookup_rule_takes_the_areas_that_it_lists(small_city, tmp_path, command):
    (small_city / "area_lookup.csv").write_text("OA,LAD22CD\nE60,W1\nE61,W1\nE62,E1\n")
    outcome = command(
        *["run", CHEAP, "--input", small_city, "--output", tmp_path],
        *["--set", "region=West", "--set", "region_rule=lookup"],
    )
    assert outcome.code == 0
    query = "select area from census.region_areas"
    printed = command("sql", query, "--csv", "--output", tmp_path).out
    assert printed == "area\nE60\nE61\n"


def test_the_lookup_rule_without_a_lookup_says_which_file_it_needs(
    small_city, tmp_path, command
):
    outcome = command(
        *["run", CHEAP, "--input", small_city, "--output", tmp_path],
        *["--set", "region=West", "--set", "region_rule=lookup"],
    )
    assert outcome.code == 1
    assert "area_lookup.csv is missing" in outcome.err


def test_region_all_takes_areas_without_a_boundary_too(small_city, tmp_path, command):
    census = (small_city / "oa_pop_data.csv").read_text()
    assert "E63" in census
    import geopandas as gpd

    path = small_city / "OA_2021_22_Boundaries.gpkg"
    areas = gpd.read_file(path)
    path.unlink()
    areas[areas["OA"] != "E63"].to_file(path)
    outcome = command(
        *["run", "census.region_variables", "--input", small_city],
        *["--output", tmp_path, "--set", "region=all"],
    )
    assert outcome.code == 0
    query = "select count(*) as areas from census.region_variables"
    assert command("sql", query, "--csv", "--output", tmp_path).out == "areas\n64\n"


def test_a_part_that_would_not_fit_the_rest_is_not_published(
    small_city, tmp_path, command
):
    arguments = ["--input", small_city, "--output", tmp_path, "--set", "region=West"]
    assert command("run", CHEAP, *arguments).code == 0
    rule = ["--set", "region_rule=interior"]
    outcome = command("run", "census.region_areas", *arguments, *rule)
    assert outcome.code == 0
    assert "not published" in outcome.out
    count = ["sql", "select count(*) n from census.region_areas", "--csv"]
    assert command(*count, "--output", tmp_path).out == "n\n40\n"
    assert command(*count, "--work", "--output", tmp_path).out == "n\n32\n"


def test_letters_follow_size_whatever_the_folder_held_before(
    small_city, tmp_path, command
):
    run = ["run", "census.supergroups", "--input", small_city, "--set", "region=West"]
    run += ["--set", "subgroups=1", "--set", "restarts=20", "--set", "clusters=3"]
    for folder, seed in (("new", None), ("old", 1), ("old", None)):
        changed = ["--set", f"census.seed={seed}"] if seed else []
        output = ["--output", tmp_path / folder]
        assert command(*run, *changed, *output).code == 0
    query = ["sql", "from census.supergroups order by area", "--csv", "--output"]
    found = [command(*query, tmp_path / folder).out for folder in ("new", "old")]
    assert found[0] == found[1]


def test_clusters_keep_their_letters_when_asked_to(small_city, tmp_path, command):
    arguments = ["run", "census.cluster_summary", "census.supergroup_changes"]
    arguments += ["--input", small_city, "--output", tmp_path, "--set", "region=West"]
    arguments += ["--set", "subgroups=1", "--set", "restarts=20"]
    arguments += ["--set", "letters=keep"]
    assert command(*arguments, "--set", "clusters=2").code == 0
    assert command(*arguments, "--set", "clusters=3").code == 0
    overlap = """
        select former_supergroup = new_supergroup as kept, count(*)
        from census.supergroup_changes group by all
    """
    moved = command("sql", overlap, "--csv", "--output", tmp_path).out
    assert "true" not in moved


def test_plan_says_why(small_city, output, command):
    outcome = command(
        *["plan", CHEAP, "--input", small_city, "--output", output],
        *["--set", "region=West", "--set", "region_rule=interior"],
    )
    assert outcome.out.splitlines()[0] == (
        "census.region_areas: parameter region_rule intersects → interior"
    )


def test_a_fault_of_the_program_shows_its_traceback_only_with_debug(
    small_city, tmp_path
):
    broken = ["run", CHEAP, "--input", small_city, "--output", tmp_path / "file"]
    (tmp_path / "file").write_text("not a folder")
    process = run_apart(*broken)
    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    assert "Traceback" in run_apart(*broken, "--debug").stderr


def test_a_run_with_nothing_to_do_imports_nothing_heavy(small_city, output):
    script = (
        "import sys, pipeline\n"
        "code = pipeline.main(sys.argv[1:])\n"
        "heavy = {'pandas', 'sklearn', 'umap', 'geopandas', 'plotly', 'matplotlib'}\n"
        "print('imported:', sorted(heavy & set(sys.modules)))\n"
    )
    process = subprocess.run(
        [
            *[sys.executable, "-c", script, "run", CHEAP, "--set", "region=West"],
            *["--input", str(small_city), "--output", str(output)],
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert "Nothing to do" in process.stdout
    assert process.stdout.endswith("imported: []\n")


def test_matrix_products_have_one_thread_whatever_other_steps_do():
    """A limit set later is lifted by whichever of two steps ends first."""
    script = (
        "import runpy, sys\n"
        "sys.argv = ['pipeline.py', '--help']\n"
        "try: runpy.run_path('pipeline.py', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "import numpy, scipy.linalg, threadpoolctl\n"
        "pools = threadpoolctl.threadpool_info()\n"
        "print([p['num_threads'] for p in pools if p['user_api'] == 'blas'])\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={name: os.environ[name] for name in os.environ if "THREADS" not in name},
    )
    threads = process.stdout.splitlines()[-1]
    assert set(threads.strip("[]").split(", ")) == {"1"}
