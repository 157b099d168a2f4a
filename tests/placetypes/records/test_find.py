"""find: what a postcode, an area, a district or a place of the maps stands for."""

import duckdb
import pytest

from placetypes.database import connect
from placetypes.errors import PlacetypesError
from placetypes.job import Level
from placetypes.records import find
from placetypes.runner.project import load_project

PROJECT = load_project()


class Town:
    """A job with two levels, as job.yml would say."""

    name = "town"
    levels = (Level("cluster", "clusters"), Level("deepest", "hierarchy"))


@pytest.fixture
def connection():
    with connect() as opened:
        for macro in PROJECT.macros.values():
            opened.execute(macro)
        opened.execute(
            """
            create schema town; create schema records;
            create table town.classification as
            select 'E' || x as area, 'W1' as district, 'West' as district_name,
                if(x < 2, 'A', 'B') as cluster, if(x < 2, 'A', 'B2') as deepest,
                x / 10 as fit,
                st_setcrs(st_makeenvelope(x, 0, x + 1, 1), 'EPSG:4326') as geometry
            from range(4) t(x);
            create table town.cluster_descriptions as
            from (values ('A', 'Terraces', 'Red brick.'), ('B', 'Flats', 'Tall.'))
            t(cluster, name, portrait);
            create table records.directory as
            from (values ('L18JQ', 'E1'), ('L18JX', null)) t(postcode, area);
            """
        )
        yield opened


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("name,latitude,longitude\n# ours\nThe Pier,0.5,2.5\n")
    return path


@pytest.mark.parametrize(
    ("wanted", "area", "point"),
    [
        ("l1 8jq", "E1", None),
        ("the pier", None, (2.5, 0.5)),
        ("E3", "E3", None),
        ("'; drop table town.classification; --", None, None),
    ],
)
def test_what_a_text_stands_for(connection, places, wanted, area, point):
    found = find.find_area(connection, wanted, "records", places)
    assert found == (area or (None if point else wanted), point)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("L1 8ZZ", "has no postcode L1 8ZZ"),
        ("L1 8JX", "gives the postcode L1 8JX no area"),
    ],
)
def test_a_postcode_without_an_area_is_a_sentence(connection, places, wanted, sentence):
    with pytest.raises(PlacetypesError, match=sentence):
        find.find_area(connection, wanted, "records", places)


def test_a_postcode_without_a_directory_says_what_makes_one(connection, places):
    connection.execute("drop table records.directory")
    with pytest.raises(PlacetypesError, match=r"run records\.directory makes it"):
        find.find_area(connection, "L1 8JQ", "records", places)


def test_an_area_with_its_classes_fit_and_neighbours(connection):
    found = find.look_up(connection, Town, "E1", None)
    assert (found.area, found.district, found.fit) == ("E1", "West", 0.1)
    # The deepest level, which says the same, isn't said twice.
    assert [(c.level, c.name, c.portrait) for c in found.classes] == [
        ("cluster", "Terraces", "Red brick.")
    ]
    assert found.neighbours == {"A": 1, "B": 1}


def test_deeper_levels_are_told_where_they_differ(connection):
    found = find.look_up(connection, Town, "E3", None)
    assert [(c.level, c.code) for c in found.classes] == [
        ("cluster", "B"),
        ("deepest", "B2"),
    ]


def test_a_point_lies_in_an_area(connection):
    assert find.look_up(connection, Town, None, (2.5, 0.5)).area == "E2"
    assert find.look_up(connection, Town, None, (50.0, 0.5)) is None


def test_a_published_list_tells_an_areas_classes(connection):
    assert find.listed_classes(connection, "records", "E1") == {}
    connection.execute(
        "create table records.area_classes as select 'E1' as area, '3' as supergroup"
    )
    found = find.listed_classes(connection, "records", "E1")
    assert found == {"area": "E1", "supergroup": "3"}
    assert find.listed_classes(connection, "records", "E9") == {}
    assert find.listed_classes(connection, "records", None) == {}


def test_a_districts_classes(connection):
    for wanted in ("w1", "West"):
        rows = find.district_classes(connection, Town, wanted)
        assert rows == [("A", 2, 50.0), ("B", 2, 50.0)]


def test_the_nearest_name_is_offered(connection):
    sentence = str(find.not_found(connection, [Town], "Wesst"))
    assert sentence == "Nothing published is called Wesst. Did you mean West?"


def test_only_jobs_with_levels_and_a_classification_are_asked(connection):
    jobs = {"town": Town, "records": PROJECT.jobs["records"]}
    assert find.classifications(connection, jobs) == [Town]
    with duckdb.connect() as empty:
        assert find.classifications(empty, jobs) == []
