"""embeddings.areas on hand-made files."""

from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

ROOT = Path(__file__).parents[3]


def test_code_and_name_come_from_the_columns_that_the_parameters_name(
    run_model, areas_file
):
    file = areas_file({"geoid": ["01001", "01003"], "NAME": ["Autauga ", "Baldwin"]})
    areas = run_model("embeddings.areas", {}, **file)
    assert areas["area"].tolist() == ["01001", "01003"]
    assert areas["area_name"].tolist() == ["Autauga", "Baldwin"]


def test_a_file_without_names_has_codes_alone(run_model, areas_file):
    file = areas_file({"GEOID": ["01001"]})
    areas = run_model("embeddings.areas", {}, **file | {"name_column": ""})
    assert areas["area"].tolist() == ["01001"]
    assert areas["area_name"].isna().all()


def test_a_code_that_is_a_number_becomes_text(run_model, areas_file):
    file = areas_file({"GEOID": [1001], "NAME": ["Autauga"]})
    assert run_model("embeddings.areas", {}, **file)["area"].tolist() == ["1001"]


@pytest.mark.parametrize("crs", [27700, 5070, 4326])
def test_geometry_keeps_the_files_coordinate_system(
    crs, run_model, areas_file, connection
):
    file = areas_file({"GEOID": ["a"], "NAME": ["A"]}, crs=crs)
    run_model("embeddings.areas", {}, **file)
    sql = (ROOT / "sql/embeddings/areas.sql").read_text("utf-8")
    types = {row[0]: row[1] for row in connection.sql(f"describe {sql}").fetchall()}
    assert types["geometry"] == f"GEOMETRY('EPSG:{crs}')"


def test_an_invalid_polygon_is_repaired_and_said_to_be(run_model, areas_file):
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    file = areas_file(
        {
            "GEOID": ["a", "b"],
            "NAME": ["A", "B"],
            "geometry": [bow_tie, box(0, 0, 1, 1)],
        }
    )
    areas = run_model("embeddings.areas", {}, **file)
    assert areas["was_repaired"].tolist() == [True, False]
    assert areas["is_empty"].tolist() == [False, False]


def test_an_empty_boundary_is_marked(run_model, areas_file):
    file = areas_file(
        {
            "GEOID": ["a", "b", "c"],
            "NAME": ["A", "B", "C"],
            "geometry": [None, MultiPolygon(), box(0, 0, 1, 1)],
        }
    )
    areas = run_model("embeddings.areas", {}, **file)
    assert areas["is_empty"].tolist() == [True, True, False]
