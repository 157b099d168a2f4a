"""census.naming_briefs, naming_snapshot, descriptions and portraits on hand rows."""

SUBGROUPS = [
    {"area": "E1", "supergroup": "A", "subgroup": "A1"},
    {"area": "E2", "supergroup": "A", "subgroup": "A1"},
    {"area": "E3", "supergroup": "B", "subgroup": "B1"},
]
MEMBERS = [
    {"level": "supergroup", "family": f, "cluster": f, "area": a, "population": p}
    | {"is_inside": a != "E2"}
    for f, a, p in [("A", "E1", 1200.0), ("A", "E2", None), ("B", "E3", None)]
]


def test_members_stand_in_both_levels_with_their_residents(run_model):
    found = run_model(
        "census.cluster_members",
        tables={
            "census.subgroups": SUBGROUPS,
            "census.population": [{"area": "E1", "population": 1200.0}],
            "census.region_areas": [
                {"area": area, "is_inside": area != "E2"} for area in ("E1", "E2", "E3")
            ],
        },
    ).set_index(["level", "area"])
    assert len(found) == 6
    assert found.loc[("subgroup", "E1"), "cluster"] == "A1"
    assert found.loc[("subgroup", "E1"), "family"] == "A"
    assert found.loc[("supergroup", "E1"), "population"] == 1200
    assert found["population"].isna().sum() == 4


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
        "share": 45.0,
        "overall_share": 30.0,
        "whole": "dwelling",
        "is_commonest": True,
        "index_score_scaled": 222.0,
    }
    profiles = [
        variable,
        variable | {"cluster": "B", "index_score": 50.0, "strength": -1.0},
    ]
    found = run_model(
        "census.naming_briefs",
        tables={
            "census.cluster_members": MEMBERS,
            "census.variable_words": [
                {"variable": "v1", "variable_name": "Flats", "phrase": "flats"}
            ],
            "census.distinctive_variables": [variable],
            "census.cluster_shares": [variable],
            "census.nearest_siblings": [
                {"level": "supergroup", "cluster": "A", "sibling": "B"}
            ],
            "census.cluster_profiles": profiles,
        },
    ).set_index("cluster")
    found, workshop = found["brief"], found["workshop_brief"]
    assert found["A"] == (
        "Supergroup A: 2 areas (66.7 % of the region), 1,200 residents\n"
        "Homes\n"
        "  above 120\n"
        "    v1 Flats: 150.0, 45.0 % against 30.0 % (B: 50.0)\n"
        "The commonest of each kind\n"
        "    dwelling: v1 Flats (45.0 %)\n"
        "What sets it apart from its nearest sibling B\n"
        "    v1 Flats: 150.0 against 50.0"
    )
    assert workshop["A"] == "Supergroup A\nv1 Flats: 222.0"
    assert found["B"] == (
        "Supergroup B: 1 areas (33.3 % of the region)\n"
        "  no variable above 120 or below 80"
    )


def test_the_snapshot_changes_with_any_area(run_model):
    def snapshot(rows):
        tables = {"census.cluster_members": rows}
        tables |= {"census.region_name": [{"region": "North"}]}
        found = run_model("census.naming_snapshot", tables)
        assert found.loc[0, "region"] == "North"
        return found.loc[0, "snapshot"]

    first = snapshot(MEMBERS)
    assert len(first) == 16
    assert snapshot(MEMBERS[::-1]) == first
    assert snapshot([*MEMBERS[:2], MEMBERS[2] | {"cluster": "A"}]) != first
    assert snapshot(MEMBERS[:2]) != first


def test_members_and_log_are_read_from_their_files(run_model, tmp_path):
    members = tmp_path / "names_members.csv"
    members.write_text("snapshot,level,cluster,area\n0012,subgroup,A1,00E1\n")
    found = run_model("census.named_members", {}, names_members_file=str(members))
    assert found.loc[0].tolist() == ["0012", "subgroup", "A1", "00E1"]
    log = tmp_path / "names_log.jsonl"
    log.write_text('{"request": "x", "asked": ["A"], "verdict": "refused"}\n{}\n')
    found = run_model("census.name_log", {}, names_log_file=str(log))
    assert found["request"].tolist() == ["x"]
    assert list(found.loc[0, "asked"]) == ["A"]


def test_descriptions_join_names_and_sizes(run_model):
    name = {
        "level": "supergroup",
        "family": "A",
        "cluster": "A",
        "name": "Flats",
        "portrait": "It is.",
        "source": "rule",
        "status": "draft",
    }
    found = run_model(
        "census.cluster_descriptions",
        tables={
            "census.cluster_names": [name, name | {"cluster": "B", "family": "B"}],
            "census.cluster_members": MEMBERS,
        },
    ).set_index("cluster")
    assert found["areas"].to_dict() == {"A": 2, "B": 1}
    assert found["areas_inside"].to_dict() == {"A": 1, "B": 1}
    assert found["population"].dropna().to_dict() == {"A": 1200}
    assert found["share_of_areas"].sum() == 100


def test_a_portrait_says_on_how_many_areas_its_residents_rest(run_model):
    row = {
        "level": "supergroup",
        "family": "A",
        "cluster": "A",
        "name": "Flats",
        "portrait": "It is.",
        "areas": 5,
        "share_of_areas": 50.0,
        "population": 1200.0,
        "areas_with_population": 4,
        "areas_inside": 3,
        "population_inside": 900.0,
        "source": "rule",
        "status": "draft",
    }
    blocks = run_model(
        "census.portraits",
        tables={
            "census.cluster_descriptions": [row],
            "census.naming_snapshot": [{"region": "Testland"}],
        },
    )["text"].tolist()
    assert "5 areas (3 inside), 50.0 % of the region" in blocks[1]
    assert "; 1,200 residents (900 inside) in the 4 areas that have a" in blocks[1]


def test_portraits_stand_in_the_order_of_the_letters(run_model):
    entry = {
        "portrait": "It is.",
        "areas": 2,
        "share_of_areas": 66.66,
        "population": 5.0,
        "areas_with_population": 2,
        "areas_inside": 2,
        "population_inside": 5.0,
        "source": "rule",
        "status": "draft",
    }
    codes = ["AA", "A10", "A", "A2"]
    rows = [
        entry
        | {
            "level": "subgroup" if code[-1].isdigit() else "supergroup",
            "family": code.rstrip("0123456789"),
            "cluster": code,
            "name": f"Name {code}",
        }
        for code in codes
    ]
    blocks = run_model(
        "census.portraits",
        tables={
            "census.cluster_descriptions": rows,
            "census.naming_snapshot": [{"region": "Testland"}],
        },
    )["text"].tolist()
    assert [block.split("\n")[0] for block in blocks] == [
        "# Pen portraits: Testland",
        "## A Name A",
        "### A2 Name A2",
        "### A10 Name A10",
        "## AA Name AA",
    ]
    assert "2 areas, 66.7 % of the region; 5 residents. " in blocks[1]
    assert "Written by rules, draft." in blocks[1]
