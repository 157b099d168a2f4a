"""census.naming_briefs, naming_snapshot, descriptions and portraits on hand rows."""

SUBGROUPS = [
    {"area": "E1", "supergroup": "A", "subgroup": "A1"},
    {"area": "E2", "supergroup": "A", "subgroup": "A1"},
    {"area": "E3", "supergroup": "B", "subgroup": "B1"},
]


def test_a_brief_holds_size_scores_and_sibling(run_model):
    variable = {
        "level": "supergroup",
        "cluster": "A",
        "variable": "v1",
        "variable_name": "Flats",
        "domain": "Homes",
        "index_score": 150.04,
        "direction": "above",
        "strength": 1.0,
        "sibling": "B",
        "sibling_index_score": 50.0,
        "rank": 1,
    }
    profiles = [
        variable,
        variable | {"cluster": "B", "index_score": 50.0, "strength": -1.0},
    ]
    found = run_model(
        "census.naming_briefs",
        tables={
            "census.subgroups": SUBGROUPS,
            "census.population": [{"area": "E1", "population": 1200.0}],
            "census.distinctive_variables": [variable],
            "census.nearest_siblings": [
                {"level": "supergroup", "cluster": "A", "sibling": "B"}
            ],
            "census.cluster_profiles": profiles,
        },
    ).set_index("cluster")["brief"]
    assert found["A"] == (
        "Supergroup A: 2 areas (66.7 % of the region), 1,200 residents\n"
        "Homes\n"
        "  above 120\n"
        "    v1 Flats: 150.0 (B: 50.0)\n"
        "What sets it apart from its nearest sibling B\n"
        "    v1 Flats: 150.0 against 50.0"
    )
    assert found["B"] == (
        "Supergroup B: 1 areas (33.3 % of the region)\n"
        "  no variable above 120 or below 80"
    )


def test_the_snapshot_changes_with_any_area(run_model):
    def snapshot(rows):
        found = run_model("census.naming_snapshot", {"census.subgroups": rows})
        return found.loc[0, "snapshot"]

    first = snapshot(SUBGROUPS)
    assert len(first) == 16
    assert snapshot(SUBGROUPS[::-1]) == first
    assert snapshot([*SUBGROUPS[:2], SUBGROUPS[2] | {"subgroup": "B2"}]) != first
    assert snapshot(SUBGROUPS[:2]) != first


def test_members_and_log_are_read_from_their_files(run_model, tmp_path):
    members = tmp_path / "names_members.csv"
    members.write_text("snapshot,area,supergroup,subgroup\n0012,00E1,A,A1\n")
    found = run_model("census.named_members", {}, names_members_file=str(members))
    assert found.loc[0].tolist() == ["0012", "00E1", "A", "A1"]
    log = tmp_path / "names_log.jsonl"
    log.write_text('{"request": "x", "asked": ["A"], "verdict": "refused"}\n{}\n')
    found = run_model("census.name_log", {}, names_log_file=str(log))
    assert found["request"].tolist() == ["x"]
    assert list(found.loc[0, "asked"]) == ["A"]


def test_descriptions_join_names_and_sizes(run_model):
    name = {
        "level": "supergroup",
        "supergroup": "A",
        "cluster": "A",
        "name": "Flats",
        "portrait": "It is.",
        "source": "rule",
        "status": "draft",
    }
    size = {
        "supergroup": "A",
        "areas": 2,
        "share_of_areas": 100.0,
        "population": 5.0,
        "share_of_population": 100.0,
    }
    sub = {"level": "subgroup", "cluster": "A1", "name": "Few Flats"}
    found = run_model(
        "census.cluster_descriptions",
        tables={
            "census.cluster_names": [name, name | sub],
            "census.cluster_summary": [size],
            "census.subgroup_summary": [size | {"subgroup": "A1"}],
        },
    )
    assert found["name"].tolist() == ["Few Flats", "Flats"]
    assert found["areas"].tolist() == [2, 2]
    rows = found.to_dict("records")
    second = [
        row | {"supergroup": "AA", "cluster": "AA", "level": "supergroup"}
        for row in rows[1:]
    ]
    blocks = run_model(
        "census.portraits",
        tables={"census.cluster_descriptions": [*second, *rows]},
        region="Testland",
    )["text"].tolist()
    assert blocks[0].startswith("# Pen portraits: Testland")
    assert [block.split("\n")[0] for block in blocks[1:]] == [
        "## A Flats",
        "### A1 Few Flats",
        "## AA Flats",
    ]
    assert "2 areas, 100.0 % of the region; 5 residents" in blocks[1]
    assert "Written by rules, draft." in blocks[1]
