"""census.regions on small CSV files."""


def test_each_district_of_a_region_comes_once_without_blanks(run_model, tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(
        "region,district\n"
        "Merseyside ,E08000012\n"
        "Merseyside, E08000012\n"
        "Merseyside,E08000011\n"
        "Wales,W06000001\n"
    )
    regions = run_model("census.regions", tables={}, regions_file=str(path))
    assert list(regions.itertuples(index=False, name=None)) == [
        ("Merseyside", "E08000011"),
        ("Merseyside", "E08000012"),
        ("Wales", "W06000001"),
    ]


def test_a_district_may_belong_to_two_regions(run_model, tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text("region,district\nNorth,E1\nNorth and Middle,E1\n")
    regions = run_model("census.regions", tables={}, regions_file=str(path))
    assert len(regions) == 2


def test_line_ends_may_be_mixed(run_model, tmp_path):
    path = tmp_path / "regions.csv"
    path.write_bytes(b"region,district\r\nNorth,E1\nSouth,E2\r\n")
    regions = run_model("census.regions", tables={}, regions_file=str(path))
    assert regions.to_dict("list") == {
        "region": ["North", "South"],
        "district": ["E1", "E2"],
    }
