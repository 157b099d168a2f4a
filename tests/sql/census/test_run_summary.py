"""census.run_summary: the lines that a run prints at its end."""

import pytest

# A run without anything to report: two areas, two variables, one supergroup.
QUIET = {
    "census.region_districts": [{"district": "D1", "has_boundary": True}],
    "census.region_name": [{"region": "North"}],
    "census.district_areas": [
        {"district": "D1", "district_name": "Oneham", "areas": 2}
    ],
    "census.region_areas": [
        {"area": "E1", "is_inside": True},
        {"area": "E2", "is_inside": True},
    ],
    "census.region_variables": [{"area": "E1"}, {"area": "E2"}],
    "census.areas": [
        {"area": "E1", "is_empty": False, "was_repaired": False},
        {"area": "E2", "is_empty": False, "was_repaired": False},
    ],
    "census.left_out": "select '' as area, '' as reason where false",
    "census.variable_profile": [{"variable": "v01"}, {"variable": "v02"}],
    "census.cluster_variables": [{"variable": "v01"}, {"variable": "v02"}],
    "census.left_out_variables": "select '' as variable, '' as reason where false",
    "census.variable_lookup": [{"variable": "v01"}, {"variable": "v02"}],
    "census.high_correlations": "select '' as variable where false",
    "census.cluster_summary": [
        {
            "level": level,
            "parent": parent,
            "cluster": cluster,
            "name": "Flats",
            "areas": 2,
            "share_of_areas": 100.0,
            "population": 1234.0,
            "areas_without_population": 0,
            "areas_inside": 2,
            "population_inside": 1234.0,
        }
        for level, parent, cluster in (
            ("supergroup", None, "A"),
            ("subgroup", "A", "A1"),
        )
    ],
    "census.words_notice": "select '' as text where false",
    "census.variable_weighting": [
        {
            "variable": code,
            "variance_share": 50.0,
            "even_share": 50.0,
            "is_dominant": False,
        }
        for code in ("v01", "v02")
    ],
    "census.supergroup_changes": "select '' as area where false",
    "census.cluster_names": [{"cluster": "A", "status": "draft"}],
    "census.hierarchy_clusters": [
        {"level": 1, "cluster": "A", "areas": 2, "stays_whole": False, "why_whole": ""},
        {
            "level": 2,
            "cluster": "A1",
            "areas": 2,
            "stays_whole": False,
            "why_whole": "",
        },
    ],
}


@pytest.fixture
def summary(run_model):
    """Give a function that says, by topic, what a run with changed tables prints."""

    def run(
        region="North",
        region_rule="intersects",
        scaling="min_max",
        letters="by_size",
        **changed,
    ) -> dict[str, str]:
        lines = run_model(
            "census.run_summary",
            QUIET | {f"census.{name}": rows for name, rows in changed.items()},
            region=region,
            region_rule=region_rule,
            scaling=scaling,
            letters=letters,
            correlation_threshold=0.95,
        )
        assert not lines["text"].isna().any()
        return dict(zip(lines["topic"], lines["text"], strict=True))

    return run


def test_a_quiet_run_prints_four_lines(summary):
    assert summary() == {
        "region": "North: 1 of 1 district codes found",
        "areas in": "2 by intersects, of which 0 have their interior point outside",
        "variables": "2 in the data, 2 cluster",
        "supergroup A": "Flats: 2 areas, 100.0 %; 1,234 residents; subgroups A1 2",
    }


def test_codes_that_no_district_bears_are_named(summary):
    districts = [
        {"district": "D1", "has_boundary": True},
        {"district": "W8", "has_boundary": False},
        {"district": "W7", "has_boundary": False},
    ]
    assert summary(region_districts=districts)["region"] == (
        "North: 1 of 3 district codes found; no district bears W7, W8"
    )


def test_all_is_said_to_be_every_area(summary):
    nothing = "select '' as district, true as has_boundary where false"
    lines = summary(
        region="all", region_districts=nothing, region_name=[{"region": "all"}]
    )
    assert lines["region"] == "all: every area of the census file"
    assert lines["areas in"] == "2 in all"


def test_areas_with_their_interior_point_outside_are_counted_where_borders_decide(
    summary,
):
    areas = [{"area": f"E{n}", "is_inside": n > 2} for n in range(1200)]
    assert summary(region_areas=areas)["areas in"] == (
        "1,200 by intersects, of which 3 have their interior point outside"
    )
    assert summary(region_areas=areas, region_rule="lookup")["areas in"] == (
        "1,200 by lookup"
    )


def test_left_out_areas_are_counted_by_reason_with_the_first_three(summary):
    left_out = [{"area": f"E{n}", "reason": "no census row"} for n in (5, 3, 4, 6)]
    assert summary(left_out=left_out)["left out"] == (
        "4: no census row (E3, E4, E5, …)"
    )
    assert summary(left_out=left_out[:2])["left out"] == "2: no census row (E3, E5)"


def test_each_reason_has_its_line(run_model):
    left_out = [
        {"area": "E3", "reason": "no census row"},
        {"area": "E4", "reason": "a variable has no value"},
    ]
    lines = run_model(
        "census.run_summary",
        QUIET | {"census.left_out": left_out},
        region="North",
        region_rule="interior",
        correlation_threshold=0.95,
    )
    assert list(lines.loc[lines["topic"] == "left out", "text"]) == [
        "1: a variable has no value (E4)",
        "1: no census row (E3)",
    ]


def test_repaired_polygons_are_counted(summary):
    areas = [
        {"area": "E1", "is_empty": False, "was_repaired": True},
        {"area": "E2", "is_empty": False, "was_repaired": False},
        {"area": "E9", "is_empty": False, "was_repaired": True},  # of another region
    ]
    assert summary(areas=areas)["boundaries"] == "1 invalid polygons repaired"


def test_areas_without_a_boundary_are_counted(summary):
    areas = [{"area": "E1", "is_empty": True, "was_repaired": False}]
    assert summary(areas=areas)["boundaries"] == (
        "2 areas are classified without a boundary; 0 invalid polygons repaired"
    )


def test_left_out_variables_are_named_by_reason(summary):
    lines = summary(
        left_out_variables=[
            {"variable": "v09", "reason": "constant over the region"},
            {"variable": "v08", "reason": "constant over the region"},
        ]
    )
    assert lines["variables left out"] == "v08, v09: constant over the region"


def test_variables_that_the_lookup_lacks_are_named(summary):
    lines = summary(variable_lookup=[{"variable": "v77"}])
    assert lines["without a name"] == "v01, v02: not in the variable lookup"


def test_high_correlations_are_counted(summary):
    lines = summary(high_correlations=[{"variable": "v01"}, {"variable": "v02"}])
    assert lines["correlated"] == (
        "2 pairs of variables above |r| = 0.95: see census.high_correlations"
    )


def test_a_variable_that_weighs_more_than_three_times_its_share_is_named(summary):
    shares = {"v01": 70.0, "v02": 14.0, "v03": 8.5, "v04": 7.5}
    weighting = [
        {
            "variable": code,
            "variance_share": share,
            "even_share": 20.0,
            "is_dominant": share > 60,
        }
        for code, share in shares.items()
    ]
    assert summary(variable_weighting=weighting)["variance"] == (
        "v01 holds 70.0 % of the variance, 3.5 times an even share; the three largest "
        "hold 92.5 %: see scaling and variable_weights"
    )


@pytest.mark.parametrize(
    ("parameter", "value", "topic", "start"),
    [
        ("scaling", "z_score", "scaling", "z_score in place of the workshop's min_max"),
        ("letters", "keep", "letters", "kept, where the folder held a result before"),
    ],
)
def test_what_differs_from_the_usual_is_said(summary, parameter, value, topic, start):
    assert summary(**{parameter: value})[topic].startswith(start)


CLUSTERS = QUIET["census.cluster_summary"]


def test_areas_without_a_population_figure_are_counted(summary):
    clusters = [row | {"areas_without_population": 1} for row in CLUSTERS]
    assert summary(cluster_summary=clusters)["population"] == (
        "1 areas have no population figure and are in no share of residents: see "
        "census.areas_without_population"
    )


def test_a_supergroup_without_any_population_figure_still_has_its_line(summary):
    clusters = """
        select unnest(['supergroup', 'subgroup']) as level,
            unnest([null, 'A']) as parent, unnest(['A', 'A1']) as cluster,
            'Flats' as name, 2 as areas, 100.0::double as share_of_areas,
            null::double as population, 2 as areas_without_population,
            2 as areas_inside, null::double as population_inside
    """
    assert summary(cluster_summary=clusters)["supergroup A"] == (
        "Flats: 2 areas, 100.0 %; unknown residents; subgroups A1 2"
    )


def test_subgroups_are_listed_in_their_order_the_tenth_last(summary):
    supergroup, subgroup = CLUSTERS
    subgroups = [
        subgroup | {"cluster": f"A{n}", "areas": 20 - n}
        for n in (10, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    ]
    text = summary(cluster_summary=[supergroup, *subgroups])["supergroup A"]
    assert text.endswith(
        "subgroups A1 19, A2 18, A3 17, A4 16, A5 15, A6 14, A7 13, "
        "A8 12, A9 11, A10 10"
    )


def test_names_that_need_review_are_listed(summary):
    rows = [{"cluster": c, "status": "needs_review"} for c in ("B", "A1")]
    assert summary(cluster_names=rows)["names"] == (
        "A1, B need review: python pipeline.py names review"
    )


CLUSTER = {
    "level": 1,
    "cluster": "A",
    "areas": 9,
    "stays_whole": False,
    "why_whole": "",
}


def test_clusters_are_counted_level_by_level_where_there_are_not_two(summary):
    clusters = [
        CLUSTER | {"level": level, "cluster": f"{level} {number}"}
        for level, count in ((1, 2), (2, 4), (3, 12))
        for number in range(count)
    ]
    assert summary(hierarchy_clusters=clusters)["levels"] == (
        "2 / 4 / 12 clusters on 3 levels: see census.hierarchy_clusters"
    )
    one_level = summary(hierarchy_clusters=[CLUSTER, CLUSTER | {"cluster": "B"}])
    assert one_level["levels"] == "2 clusters on one level"


def test_clusters_that_stay_whole_are_named_with_the_reason(summary):
    whole = {"level": 2, "stays_whole": True, "why_whole": "2 areas, too few for 3"}
    clusters = [
        CLUSTER,
        CLUSTER | whole | {"cluster": "A2"},
        CLUSTER | whole | {"cluster": "A1"},
        CLUSTER | {"level": 3, "cluster": "A1a"},
    ]
    assert summary(hierarchy_clusters=clusters)["stays whole"] == (
        "2 of level 2: A1 (2 areas, too few for 3), A2 (2 areas, too few for 3)"
    )


def test_of_many_that_stay_whole_the_three_smallest_are_named(summary):
    clusters = [
        CLUSTER
        | {"cluster": c, "areas": n, "stays_whole": True, "why_whole": f"{n} areas"}
        for c, n in (("A", 5), ("B", 4), ("C", 3), ("D", 1))
    ]
    text = summary(hierarchy_clusters=[*clusters, CLUSTER | {"level": 2}])[
        "stays whole"
    ]
    assert text == (
        "4 of level 1: D (1 areas), C (3 areas), B (4 areas), …: "
        "see census.hierarchy_clusters"
    )


def test_districts_without_any_area_are_a_warning(summary):
    districts = [
        {"district": "D1", "district_name": "Oneham", "areas": 2},
        {"district": "D2", "district_name": "Twoham", "areas": 0},
        {"district": "W9", "district_name": None, "areas": 0},
    ]
    assert summary(district_areas=districts)["warning"] == (
        "no areas in 2 of the 3 districts: Twoham (D2), W9; "
        "the result speaks of the others"
    )
    assert "warning" not in summary()


def test_variables_without_words_are_named(summary):
    assert summary(words_notice=[{"text": "none for v2"}])["words"] == "none for v2"
