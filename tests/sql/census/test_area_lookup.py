"""census.area_lookup on small CSV files."""


def test_each_area_has_the_district_of_the_file(run_model, tmp_path):
    path = tmp_path / "area_lookup.csv"
    path.write_text("LAD22CD,OA,note\nE08000012,E1,x\nE08000011,E2,y\n")
    lookup = run_model("census.area_lookup", tables={}, area_lookup_file=str(path))
    assert lookup.to_dict("list") == {
        "area": ["E1", "E2"],
        "district": ["E08000012", "E08000011"],
    }


def test_a_file_with_nothing_but_its_header_gives_no_rows(run_model, tmp_path):
    path = tmp_path / "no_area_lookup.csv"
    path.write_text("OA,LAD22CD\n")
    lookup = run_model("census.area_lookup", tables={}, area_lookup_file=str(path))
    assert list(lookup.columns) == ["area", "district"]
    assert lookup.empty
