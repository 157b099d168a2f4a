"""columns.py and lineage.py: which columns each column comes from."""

from pathlib import Path

import pytest

from placetypes.catalogue.columns import (
    CHOICE,
    GROUP,
    NAMES,
    NOTHING,
    OTHERS,
    ROWS,
    VALUE,
    Lineage,
    Source,
    query_lineage,
)
from placetypes.catalogue.lineage import (
    column_sources,
    plain,
    project_lineage,
    sources_of,
    stored,
)
from placetypes.runner.project import load_project, read_project

TABLES = {
    "s.people": stored("s.people", ["area", "age", "income", "home"]),
    "s.homes": stored("s.homes", ["home", "rooms"]),
    "s.wide": stored("s.wide", ["area", OTHERS]),
}
VARIABLES = {
    "file": Source("file", "s.file"),
    "limit": Source("parameter", "s.limit"),
}
FILES = {"s.file": stored("s.file", ["oa", OTHERS])}


def lineage_of(query: str) -> Lineage:
    """Return the lineage of a query over the tables above."""
    return query_lineage(query, TABLES, FILES, VARIABLES)


def told(query: str, column: str) -> set[str]:
    """Return a column's sources as words: people.age, group people.home, limit."""
    return {words(source) for source in column_sources(lineage_of(query), column)}


def words(source: Source) -> str:
    """Write a source briefly."""
    place = ".".join([source.place.removeprefix("s."), source.column]).strip(".")
    return place if source.role == VALUE else f"{source.role} {place}"


@pytest.mark.parametrize(
    ("query", "column", "sources"),
    [
        ("select age from s.people", "age", {"people.age"}),
        ("select p.age as years from s.people as p", "years", {"people.age"}),
        ("select s.people.age from s.people", "age", {"people.age"}),
        ("from s.people", "income", {"people.income"}),
        ("select 1 as line from s.people", "line", set()),
        ("select age + income x from s.people", "x", {"people.age", "people.income"}),
        ("select x + 1 as y from (select age as x from s.people)", "y", {"people.age"}),
        ("select age as x, x * 2 as y from s.people", "y", {"people.age"}),
        ("select a.b.c from (select age as b from s.people) as a", "c", {"people.age"}),
        (
            "select rooms from s.people join s.homes on people.home = homes.home",
            "rooms",
            {"homes.rooms"},
        ),
        (
            "select home from s.people join s.homes using (home)",
            "home",
            {"people.home"},
        ),
        (
            "select age > getvariable('limit') as is_old from s.people",
            "is_old",
            {"people.age", "limit"},
        ),
        (
            "select (select max(rooms) from s.homes) as most from s.people",
            "most",
            {"homes.rooms"},
        ),
        (
            "select (select max(rooms) from s.homes where homes.home = p.home) as m, "
            "p.age from s.people as p",
            "age",
            {"people.age"},
        ),
        (
            "select case when age > 9 then error('x' || area) else 1 end as y "
            "from s.people",
            "y",
            {"people.age"},
        ),
        (
            "select age from s.people union all select rooms from s.homes",
            "age",
            {"people.age", "homes.rooms"},
        ),
        (
            "select t.n from s.people, unnest([people.age, people.income]) as t(n)",
            "n",
            {"people.age", "people.income"},
        ),
        (
            "with recursive n as (select age as x from s.people union all "
            "select x + 1 from n) from n",
            "x",
            {"people.age"},
        ),
        (
            "select list_transform([age], lambda x: x + income) as y from s.people",
            "y",
            {"people.age", "people.income"},
        ),
        (
            "select y.part as z from (select {'part': age} as y from s.people)",
            "z",
            {"people.age"},
        ),
    ],
)
def test_a_column_comes_from_what_its_expression_reads(query, column, sources):
    assert told(query, column) == sources


@pytest.mark.parametrize(
    ("query", "column", "sources"),
    [
        (
            "select home, avg(age) as mean from s.people group by home",
            "mean",
            {"people.age", "group people.home"},
        ),
        ("select home, avg(age) from s.people group by home", "home", {"people.home"}),
        (
            "select upper(home) as h, max(age) as m from s.people group by h",
            "h",
            {"people.home"},
        ),
        (
            "select home, max(age) as m from s.people group by all",
            "m",
            {"people.age", "group people.home"},
        ),
        (
            "select home, max(age) as m from s.people group by 1",
            "m",
            {"people.age", "group people.home"},
        ),
        (
            "select home, count(*) as n from s.people group by home",
            "n",
            {"group people.home", "rows people"},
        ),
        (
            "select max(age) as m from s.people group by grouping sets ((home), ())",
            "m",
            {"people.age", "group people.home"},
        ),
        (
            "select sum(age) over (partition by home order by income) as total "
            "from s.people",
            "total",
            {"people.age", "group people.home", "group people.income"},
        ),
        (
            "select lag(age) over w as before from s.people "
            "window w as (partition by home)",
            "before",
            {"people.age", "group people.home"},
        ),
    ],
)
def test_an_aggregate_also_comes_from_its_groups(query, column, sources):
    assert told(query, column) == sources


@pytest.mark.parametrize(
    ("query", "column", "sources"),
    [
        ("select * exclude (area) from s.people", "age", {"people.age"}),
        (
            "select * replace (age + 1 as income) from s.people",
            "income",
            {"people.age"},
        ),
        ("select * rename (age as years) from s.people", "years", {"people.age"}),
        ("select columns('^a') from s.people", "age", {"people.age"}),
        ("select sqrt(columns(* exclude (area))) from s.wide", OTHERS, {"wide.*"}),
        ("select sqrt(columns(* exclude (area))) from s.wide", "v01", {"wide.v01"}),
        ("select w.* exclude (area) from s.wide as w", OTHERS, {"wide.*"}),
        (
            "select [*columns(* exclude (area))] as place from s.wide",
            "place",
            {"wide.*"},
        ),
        (
            "select area, avg(columns(* exclude (area))) from s.wide group by area",
            OTHERS,
            {"wide.*", "group wide.area"},
        ),
        (
            "select columns(lambda c: c = getvariable('limit')) as one from s.wide",
            "one",
            {"wide.*", "choice limit"},
        ),
        (
            "select wide.* from s.wide semi join s.people on wide.area = people.area",
            "area",
            {"wide.area"},
        ),
        (
            "select * from s.wide semi join s.people on wide.area = people.area",
            OTHERS,
            {"wide.*"},
        ),
        (
            "select oa, columns(* exclude (oa)) from read_csv(getvariable('file'))",
            OTHERS,
            {"file.*"},
        ),
        (
            "select people.* exclude (home), wide.* from s.people join s.wide "
            "on people.area = wide.area",
            "area",
            {"people.area"},
        ),
    ],
)
def test_wildcards_carry_the_other_columns_along(query, column, sources):
    assert told(query, column) == sources


def test_a_star_knows_exactly_the_columns_that_are_left():
    excluded = lineage_of("select * exclude (area, home) from s.people")
    assert list(excluded.columns) == ["age", "income"]
    chosen = lineage_of("select * from s.people anti join s.homes using (home)")
    assert list(chosen.columns) == ["area", "age", "income", "home"]


@pytest.mark.parametrize(
    ("query", "column", "sources"),
    [
        (
            "unpivot s.wide on columns(* exclude (area)) into name v value x",
            "x",
            {"wide.*"},
        ),
        (
            "unpivot s.wide on columns(* exclude (area)) into name v value x",
            "v",
            {"names wide.*"},
        ),
        (
            "unpivot s.people on age, income into name v value x",
            "x",
            {"people.age", "people.income"},
        ),
        (
            "unpivot s.people on age, income into name v value x",
            "home",
            {"people.home"},
        ),
        (
            "select x from s.wide unpivot (x for v in (columns(* exclude (area))))",
            "x",
            {"wide.*"},
        ),
        (
            "pivot s.people on home using first(age) group by area",
            OTHERS,
            {"people.age", "choice people.home", "group people.area"},
        ),
        (
            "pivot s.people on home using first(age) group by area",
            "area",
            {"people.area"},
        ),
    ],
)
def test_unpivot_and_pivot(query, column, sources):
    assert told(query, column) == sources


def test_unpivoting_means_names_the_columns_but_not_their_groups():
    query = """
        with means as (
            select area, avg(columns(* exclude (area))) from s.wide group by area
        )
        unpivot means on columns(* exclude (area)) into name variable value mean
    """
    assert told(query, "variable") == {"names wide.*"}
    assert told(query, "mean") == {"wide.*", "group wide.area"}


def test_what_matches_and_chooses_rows_is_told_for_the_whole_table():
    rows = lineage_of(
        "select age from s.people semi join s.homes on people.home = homes.home "
        "where income > getvariable('limit')"
    ).rows
    assert {words(source) for source in rows} == {
        "rows people",
        "rows people.home",
        "rows homes.home",
        "rows people.income",
        "rows limit",
    }


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("select age from people", {"people.age"}),
        ("select people.age from people", {"people.age"}),
        ("select age from S.People", {"people.age"}),
        (
            "with people as (select rooms age from homes) from people",
            {"homes.rooms"},
        ),
        ("with people as (select age from people) from people", {"people.age"}),
        ("select age from t.people", {"t.people.age"}),
    ],
)
def test_a_table_without_a_schema_is_a_cte_or_else_the_jobs_own(query, sources):
    tables = {**TABLES, "t.people": stored("t.people", ["age"])}
    found = column_sources(query_lineage(query, tables, job="s"), "age")
    assert {words(source) for source in found} == sources


def test_what_no_table_offers_is_unknown():
    assert told("select height from s.people", "height") == {"height"}
    (source,) = lineage_of("select height from s.people").columns["height"]
    assert source.kind == "unknown"
    (source,) = lineage_of("select x from elsewhere").columns["x"]
    assert source == Source("unknown", "elsewhere")


# ── the models of this project ───────────────────────────────────────────────────────

PROJECT = load_project()
LINEAGES = project_lineage(PROJECT)
SQL_COLUMNS = [
    (name, column)
    for name, model in PROJECT.models.items()
    if model.is_sql
    for column in map(str.lower, PROJECT.table(name)["columns"])
]


def reached(table: str, column: str) -> set[tuple[str, str, str]]:
    """Return kind, place and column of all that a column comes from."""
    found: set[Source] = set()
    waiting = [Source("column", table, column)]
    while waiting:
        for upper in sources_of(waiting.pop(), LINEAGES):
            if plain(upper) not in found:
                found.add(plain(upper))
                waiting.append(upper)
    return {source[:3] for source in found}


@pytest.mark.parametrize("name", PROJECT.models)
def test_each_model_can_be_read(name):
    assert LINEAGES[name].problem == ""


@pytest.mark.parametrize(("table", "column"), SQL_COLUMNS)
def test_each_named_column_of_a_select_is_known_to_the_end(table, column):
    assert column in LINEAGES[table].columns
    assert not [s for s in reached(table, column) if s[0] == "unknown"]


@pytest.mark.parametrize("name", [n for n, m in PROJECT.models.items() if m.is_sql])
def test_a_select_has_the_columns_that_tables_yml_lists(name):
    document = PROJECT.table(name)
    others = [OTHERS] if "other_columns" in document else []
    documented = map(str.lower, document["columns"])  # names have no case in SQL
    assert set(LINEAGES[name].columns) == {*documented, *others}


def test_an_index_score_comes_from_the_variables_and_the_supergroups():
    sources = LINEAGES["census.index_scores"].columns["index_score"]
    assert sources == {
        Source("column", "census.region_variables", OTHERS, VALUE),
        Source("column", "census.cluster_members", "cluster", GROUP),
        Source("column", "census.cluster_members", "level", GROUP),
    }
    everything = reached("census.index_scores", "index_score")
    assert ("file", "census.census_file", OTHERS) in everything
    assert ("parameter", "census.clusters", "") in everything


def test_fit_comes_from_places_and_centroids():
    sources = LINEAGES["census.supergroup_fit"].columns["fit"]
    assert sources == {
        Source("column", "census.cluster_inputs", OTHERS),
        Source("column", "census.supergroup_centroids", OTHERS),
        Source("column", "census.supergroup_centroids", "supergroup"),
        Source("column", "census.supergroups", "supergroup"),
        Source("column", "census.supergroups", "area", GROUP),
    }


def test_variables_to_cluster_are_chosen_by_a_table():
    assert LINEAGES["census.cluster_inputs"].columns[OTHERS] >= {
        Source("column", "census.scaled_variables", OTHERS),
        Source("column", "census.cluster_variables", "variable", CHOICE),
    }
    assert LINEAGES["census.variable_profile"].columns["variable"] == {
        Source("column", "census.region_variables", OTHERS, NAMES)
    }


def test_a_python_step_comes_from_all_that_it_takes():
    places = {s.place for s in LINEAGES["census.umap"].columns["umap_x"]}
    assert {"census.cluster_inputs", "census.umap_seed"} <= places
    kinds = {s.kind for s in LINEAGES["census.umap"].columns["umap_x"]}
    assert kinds == {"table", "parameter"}
    counted = Source("table", "census.umap", role=ROWS)
    assert sources_of(counted, LINEAGES) == LINEAGES["census.umap"].rows


def test_an_undocumented_step_has_its_published_columns(tmp_path: Path):
    project = tiny_project(tmp_path, "select 1 as one")
    (tmp_path / "models_py" / "tiny" / "step.py").write_text(
        'def step(table):\n    """One row: one."""\n'
    )
    project = read_project(tmp_path)
    lineage = project_lineage(project, {"tiny.step": ["a"]})["tiny.step"]
    assert lineage.columns == {"a": {Source("table", "tiny.table")}}
    assert OTHERS in project_lineage(project)["tiny.step"].columns


def test_sql_that_cannot_be_read_is_reported_and_not_raised(tmp_path, monkeypatch):
    project = tiny_project(tmp_path, "select 1 as one")
    monkeypatch.setattr("placetypes.catalogue.columns.Reader.select", broken)
    lineage = project_lineage(project)["tiny.table"]
    assert lineage.problem == "ValueError: what is this?"
    (source,) = column_sources(lineage, "one")
    assert source.kind == "unknown"
    assert lineage.rows == NOTHING


def broken(*_: object) -> None:
    raise ValueError("what is this?")


def tiny_project(root: Path, sql: str):
    """Write and load a project of one SQL model."""
    for folder in ("sql/tiny", "models_py/tiny", "runner"):
        (root / folder).mkdir(parents=True)
    (root / "sql" / "macros.sql").write_text("")
    (root / "sql" / "tiny" / "job.yml").write_text("title: Tiny\n")
    (root / "sql" / "tiny" / "table.sql").write_text(f"-- One row: one.\n{sql}\n")
    return read_project(root)
