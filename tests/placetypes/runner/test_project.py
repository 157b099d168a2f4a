"""project.py: what a SELECT and a step read, and when they count as changed."""

from itertools import count

import pytest

from placetypes.errors import PlacetypesError
from placetypes.runner.project import read_project
from placetypes.sources import Source, first_comment, read_macros, read_sql, read_step

MACROS = {"twice": "create or replace macro twice(x) as 2 * x"}


@pytest.fixture
def parse(tmp_path):
    """Give a function from SQL text to what is found in it."""

    def run(text: str) -> Source:
        return read_sql(tmp_path / "model.sql", text, MACROS)

    return run


def test_tables_are_those_that_no_cte_bears_the_name_of(parse):
    parsed = parse(
        """
        with members as (select * from umap)
        select * from members
        inner join census.areas as places using (area)
        where area in (select area from Census.Supergroups)
        """
    )
    assert parsed.tables == {
        ("census", "areas"),
        ("census", "supergroups"),
        ("", "umap"),
    }


def test_a_table_that_is_read_twice_is_named_once(parse):
    parsed = parse("from census.areas as one join census.areas as other using (area)")
    assert parsed.tables == {("census", "areas")}


def test_tables_are_found_in_unpivots_and_semi_joins(parse):
    parsed = parse(
        """
        with long as (
            unpivot census.labels on columns('^k') into name k value cluster
        )
        select * from long semi join census.areas on long.area = areas.area
        """
    )
    assert parsed.tables == {("census", "areas"), ("census", "labels")}


def test_variables_are_the_names_given_to_getvariable(parse):
    parsed = parse(
        "select getvariable('seed'), GETVARIABLE('region') from census.areas "
        "where columns(lambda c: c in getvariable('kept')) > 0"
    )
    assert parsed.names == {"kept", "region", "seed"}


def test_a_variables_name_must_stand_in_quotes(parse):
    with pytest.raises(PlacetypesError) as refused:
        parse("select getvariable(name) from census.areas")
    assert str(refused.value) == (
        "model.sql: getvariable() takes a quoted name, not name."
    )


def test_a_macro_that_is_used_is_part_of_the_code(parse):
    assert parse("select Twice(x) from a.b").code.endswith(MACROS["twice"])
    assert "2 * x" not in parse("select x from a.b").code


QUERY = "select a, count(*) as n from census.areas where b = 'x' group by a"


@pytest.mark.parametrize(
    "same",
    [
        "-- One row: one a.\n" + QUERY,
        QUERY.replace(" from", "\n    from") + "\n",
        QUERY + ";",
        "/* long\nremark */ "
        + QUERY.replace("select", "SELECT").replace("as n", "AS n"),
    ],
)
def test_comments_and_layout_change_nothing(parse, same):
    assert parse(same).code == parse(QUERY).code


@pytest.mark.parametrize(
    "other",
    [
        QUERY.replace("'x'", "'X'"),
        QUERY.replace("count(*)", "count(b)"),
        QUERY.replace("census.areas", "census.umap"),
        QUERY.replace("where b = 'x'", "where b != 'x'"),
        QUERY.replace("as n", "as m"),
    ],
)
def test_everything_else_changes_the_query(parse, other):
    assert parse(other).code != parse(QUERY).code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from a.b semi join a.c using (d)", "from a.b anti join a.c using (d)"),
        ("select round(x, 2) from a.b", "select round_even(x, 2) from a.b"),
        ("select ln(x) from a.b", "select log(x) from a.b"),
        ("select var_samp(x) from a.b", "select var_pop(x) from a.b"),
        ("select x / 2 from a.b", "select x // 2 from a.b"),
        ("from a.b union from a.c", "from a.b union all from a.c"),
        ("select list(x order by y) from a.b", "select list(x) from a.b"),
        ("select sum(x) filter (where y) from a.b", "select sum(x) from a.b"),
        ("select x[1] from a.b", "select x[2] from a.b"),
        ("select x::int from a.b", "select try_cast(x as int) from a.b"),
        ("from read_csv('f', header = true)", "from read_csv('f', header = false)"),
    ],
)
def test_ducks_own_words_are_not_lost_in_the_parsed_query(parse, one, other):
    assert parse(one).code != parse(other).code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- nothing but a comment",
        "select 1; select 2",
        "create table a as select 1",
        "drop table a",
    ],
)
def test_a_file_holds_one_select_and_nothing_else(parse, text):
    with pytest.raises(PlacetypesError) as refused:
        parse(text)
    assert str(refused.value) == "model.sql must hold one SELECT and nothing else."


@pytest.mark.parametrize("text", ["select from where", "select (1 from a.b"])
def test_a_file_that_is_no_sql_is_refused_by_name(parse, text):
    with pytest.raises(PlacetypesError, match=r"^model\.sql can't be parsed: "):
        parse(text)


def test_a_file_in_another_encoding_is_refused_by_name(project):
    (project / "sql/town/homes.sql").write_bytes("select 'Ynys Môn'".encode("latin-1"))
    with pytest.raises(PlacetypesError, match=r"^homes\.sql is not UTF-8 text: "):
        dict(read_project(project).models)


def test_the_first_comment_may_have_several_lines():
    text = "-- One row: one area\n--   of the region.\n\n-- Not this.\nselect 1"
    assert first_comment(text) == "One row: one area of the region."
    assert first_comment("select 1 -- late") == ""


def test_macros_are_read_by_name_without_comments_and_layout(tmp_path):
    path = tmp_path / "macros.sql"
    path.write_text(
        "-- Twice.\ncreate or replace macro twice(x) as\n    2 * x;  -- so it is\n\n"
        "create or replace macro half(x) as x / 2;\n"
    )
    assert read_macros(path) == {
        "twice": "create or replace macro twice(x) as 2 * x",
        "half": "create or replace macro half(x) as x / 2",
    }


def test_the_macros_file_holds_nothing_but_macros(tmp_path):
    path = tmp_path / "macros.sql"
    path.write_text("create table a as select 1;")
    with pytest.raises(PlacetypesError) as refused:
        read_macros(path)
    assert str(refused.value) == (
        "macros.sql holds something that isn't a macro: create table a as select 1"
    )


STEP = '''
"""A module."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def groups(areas: "pa.Table", clusters: int, *, seed: int = 1) -> "pa.Table":
    """One row: one area
    and its group.

    More words.
    """
    import numpy as np

    from models_py.fitting import fit

    return fit(np.sort(areas), clusters, seed)
'''

FITTING = '''
"""Fits."""

from sklearn.cluster import KMeans

ROUNDS = 10


def fit(values, clusters, seed):
    """Fit."""
    return KMeans(clusters, max_iter=ROUNDS, random_state=seed).fit(scaled(values))


def scaled(values):
    """Scale."""
    return values / 2


def unused():
    """Do nothing."""
    import umap
'''


@pytest.fixture
def parse_step(tmp_path):
    """Give a function from the text of a step and of its neighbour to what is found.

    Each call writes a project of its own, as each run reads the files anew.
    """
    numbers = count()

    def run(step: str = STEP, fitting: str = FITTING) -> Source:
        root = tmp_path / str(next(numbers))
        folder = root / "models_py" / "census"
        folder.mkdir(parents=True)
        (folder / "groups.py").write_text(step, "utf-8")
        (root / "models_py" / "fitting.py").write_text(fitting, "utf-8")
        return read_step(folder / "groups.py", step, root)

    return run


def replaced(text: str, old: str, new: str) -> str:
    """Return the text with a passage changed that it must have."""
    assert old in text
    return text.replace(old, new)


def test_arguments_and_annotations_are_those_of_the_function(parse_step):
    step = parse_step()
    assert step.names == {"areas", "clusters", "seed"}
    assert step.annotations == {
        "areas": "'pa.Table'",
        "clusters": "int",
        "seed": "int",
    }


def test_one_row_is_the_docstrings_first_paragraph_on_one_line(parse_step):
    assert parse_step().one_row == "One row: one area and its group."


def test_the_same_files_in_another_folder_have_the_same_hash(parse_step):
    assert parse_step().code == parse_step().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.sort(areas)", "np.sort(areas)[::-1]"),
        ("seed: int = 1", "seed: int = 2"),
        ("import numpy as np", "import scipy as np"),
    ],
)
def test_a_change_in_the_step_alters_the_hash(parse_step, old, new):
    assert parse_step(replaced(STEP, old, new)).code != parse_step().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("random_state=seed", "random_state=seed + 1"),  # in the called function
        ("values / 2", "values / 3"),  # in a function that it calls
        ("ROUNDS = 10", "ROUNDS = 11"),  # in a constant of its module
    ],
)
def test_a_change_in_what_the_step_uses_alters_the_hash(parse_step, old, new):
    assert parse_step(fitting=replaced(FITTING, old, new)).code != parse_step().code


def test_a_function_that_is_called_over_its_module_counts(parse_step):
    step = replaced(
        STEP, "from models_py.fitting import fit", "from models_py import fitting"
    )
    step = replaced(step, "return fit(", "return fitting.fit(")
    changed = replaced(FITTING, "values / 2", "values / 3")
    assert parse_step(step).code != parse_step(step, changed).code


def test_the_file_must_define_a_function_of_its_name(parse_step):
    with pytest.raises(PlacetypesError) as refused:
        parse_step("def other():\n    '''One row: …'''\n")
    assert str(refused.value) == (
        "models_py/census/groups.py must define a function groups()."
    )


def test_the_function_must_have_a_docstring(parse_step):
    with pytest.raises(PlacetypesError) as refused:
        parse_step("def groups(areas):\n    return areas\n")
    assert str(refused.value) == (
        "models_py/census/groups.py: groups() needs a docstring: One row: …"
    )


def test_a_file_that_is_no_python_is_refused_by_name(parse_step):
    with pytest.raises(PlacetypesError, match=r"^groups\.py is not valid Python: "):
        parse_step("def groups(:\n")


# ── jobs and parts ───────────────────────────────────────────────────────────────

FILES = {
    "sql/macros.sql": "",
    "sql/town/job.yml": "parts: [sizes]\ninputs: {homes_file: {file: homes.csv}}\n",
    "sql/town/homes.sql": "from read_csv(getvariable('homes_file'))",
    "sql/village/job.yml": "parts: [sizes]\n",
    "sql/village/homes.sql": "select 1 as home from town.homes",
    "sql/village/parameters.yml": "most: {default: 5}",
    "sql/parts/sizes/rooms.sql": "from homes limit getvariable('most')",
    "sql/parts/sizes/parameters.yml": "most: {kind: number, default: 3, meaning: Top.}",
    "models_py/parts/sizes/floors.py": 'def floors(rooms):\n    """One row: one."""\n',
}


@pytest.fixture
def project(tmp_path):
    """Give a project of two jobs that take the same part."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_part_makes_its_tables_for_each_job_that_takes_it(project):
    models = read_project(project).models
    assert sorted(models) == [
        *("town.floors", "town.homes", "town.rooms"),
        *("village.floors", "village.homes", "village.rooms"),
    ]
    assert models["town.rooms"].path == models["village.rooms"].path
    assert models["town.rooms"].tables == ("town.homes",)
    assert models["village.rooms"].tables == ("village.homes",)
    assert models["village.floors"].tables == ("village.rooms",)


def test_a_file_is_read_when_its_model_is_asked_for(project):
    models = read_project(project).models
    (project / "sql/town/homes.sql").write_text("this is no SELECT")
    assert models["village.homes"].tables == ("town.homes",)
    assert "town.homes" in set(models)
    with pytest.raises(PlacetypesError, match=r"^homes\.sql "):
        models["town.homes"]


def test_a_table_of_another_job_is_named_with_its_schema(project):
    assert read_project(project).models["village.homes"].tables == ("town.homes",)


def test_a_job_may_give_a_parameter_of_its_part_another_default(project):
    specifications = read_project(project).specifications
    assert specifications["town.most"].default == 3
    assert specifications["village.most"].default == 5
    assert specifications["village.most"].meaning == "Top."


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            "sql/town/rooms.sql",
            "-- One row: one.\nselect 1",
            "town.rooms is made by two files: sql/town/rooms.sql and "
            "sql/parts/sizes/rooms.sql.",
        ),
        (
            "sql/town/job.yml",
            "parts: [size]",
            "town/job.yml: there is no part size. Did you mean sizes?",
        ),
        (
            "sql/town/job.yml",
            "part: [sizes]",
            "town/job.yml: part? Did you mean parts?",
        ),
        (
            "sql/city/homes.sql",
            "select 1",
            "sql/city has models but no job.yml that says what the job takes and "
            "gives; docs/design.md tells what stands in it.",
        ),
        (
            "sql/town/halls.sql",
            "-- One row: one.\nfrom hamlets",
            "sql/town/halls.sql reads town.hamlets, which no file makes. Did you mean "
            "town.homes?",
        ),
    ],
)
def test_what_does_not_fit_is_told_by_name(project, file, text, sentence):
    (project / file).parent.mkdir(exist_ok=True)
    (project / file).write_text(text)
    with pytest.raises(PlacetypesError) as refused:
        dict(read_project(project).models)
    assert str(refused.value) == sentence
