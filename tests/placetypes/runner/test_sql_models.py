"""sql_models.py: what a SELECT reads, and when it counts as changed."""

import pytest

from placetypes.errors import PlacetypesError
from placetypes.runner.project import (
    ParsedSql,
    first_comment,
    parse_sql,
    read_macros,
)


@pytest.fixture
def parse(tmp_path):
    """Give a function from SQL text to what is found in it."""

    def run(text: str) -> ParsedSql:
        path = tmp_path / "model.sql"
        path.write_text(text, "utf-8")
        return parse_sql(path)

    return run


def test_tables_are_those_with_a_schema_and_not_the_ctes(parse):
    parsed = parse(
        """
        with members as (select * from census.umap)
        select * from members
        inner join census.areas as places using (area)
        where area in (select area from Census.Supergroups)
        """
    )
    assert parsed.tables == ("census.areas", "census.supergroups", "census.umap")


def test_a_table_that_is_read_twice_is_named_once(parse):
    parsed = parse("from census.areas as one join census.areas as other using (area)")
    assert parsed.tables == ("census.areas",)


def test_tables_are_found_in_unpivots_and_semi_joins(parse):
    parsed = parse(
        """
        with long as (
            unpivot census.labels on columns('^k') into name k value cluster
        )
        select * from long semi join census.areas on long.area = areas.area
        """
    )
    assert parsed.tables == ("census.areas", "census.labels")


def test_variables_are_the_names_given_to_getvariable(parse):
    parsed = parse(
        "select getvariable('seed'), GETVARIABLE('region') from census.areas "
        "where columns(lambda c: c in getvariable('kept')) > 0"
    )
    assert parsed.variables == ("kept", "region", "seed")


def test_a_variables_name_must_stand_in_quotes(parse):
    with pytest.raises(PlacetypesError) as refused:
        parse("select getvariable(name) from census.areas")
    assert str(refused.value) == (
        "model.sql: getvariable() takes a name in quotes, not name."
    )


def test_macros_are_among_the_functions(parse):
    assert {"ihs", "unit_scale"} <= parse(
        "select Unit_Scale(ihs(x)) from a.b"
    ).functions


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
    assert parse(same) == parse(QUERY)


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
    assert parse(other).canonical != parse(QUERY).canonical


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
    assert parse(one).canonical != parse(other).canonical


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


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path):
    path = tmp_path / "model.sql"
    path.write_bytes("select 'Ynys Môn'".encode("latin-1"))
    with pytest.raises(PlacetypesError, match=r"^model\.sql can't be parsed: "):
        parse_sql(path)


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
