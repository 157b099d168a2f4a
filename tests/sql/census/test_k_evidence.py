"""census.k_evidence and census.k_reading on hand-made rows."""

import pytest

LABELS = [
    {
        "area": f"E{n}",
        "k1": 0,
        "k2": int(n > 5),
        "k3": (0, 0, 0, 0, 1, 1, 2, 2, 2, 2)[n],
    }
    for n in range(10)
]
SCORES = [
    {"k": 1, "inertia": 100.0, "silhouette": None},
    {"k": 2, "inertia": 60.0, "silhouette": 0.4},
    {"k": 3, "inertia": 30.0, "silhouette": 0.5},
]
QUALITY = {"calinski_harabasz": 1.0, "davies_bouldin": 1.0}


def sample(k, number, agreement, inertia, silhouette):
    """Return what a sample of areas says of a k."""
    return {
        "k": k,
        "sample": number,
        "adjusted_rand_index": agreement,
        "inertia": inertia,
        "silhouette": silhouette,
        **QUALITY,
    }


@pytest.fixture
def evidence(run_model):
    """Give the evidence for k = 2 and 3, by k."""
    return run_model(
        "census.k_evidence",
        tables={
            "census.k_labels": LABELS,
            "census.k_scores": [{**row, **QUALITY} for row in SCORES],
            "census.k_gaps": [
                {"k": 1, "gap": 0.1, "gap_error": 0.01},
                {"k": 2, "gap": 0.5, "gap_error": 0.02},
                {"k": 3, "gap": 0.51, "gap_error": 0.02},
            ],
            "census.k_stability": [
                sample(2, 1, 0.8, 60.0, 0.3),
                sample(2, 2, 1.0, 60.0, 0.5),
                sample(3, 1, 0.5, 30.0, 0.5),
                sample(3, 2, 0.5, 24.0, 0.5),
            ],
        },
    ).set_index("k")


def test_it_begins_with_two_clusters(evidence):
    assert list(evidence.index) == [2, 3]


def test_shares_are_per_cent_of_the_areas(evidence):
    assert list(evidence["smallest_share"]) == [40, 20]
    assert list(evidence["largest_share"]) == [60, 40]


def test_the_fall_of_the_inertia_is_against_the_k_before(evidence):
    assert list(evidence["inertia_fall"]) == pytest.approx([40, 50])


def test_the_gap_suffices_where_the_next_is_within_its_error(evidence):
    """0.5 ≥ 0.51 − 0.02; of the largest k nothing can be said."""
    assert bool(evidence.loc[2, "gap_suffices"])
    assert evidence["gap_suffices"].isna().tolist() == [False, True]


def test_stability_is_the_samples_mean_and_spread(evidence):
    assert list(evidence["stability"]) == pytest.approx([0.9, 0.5])
    assert list(evidence["stability_spread"]) == pytest.approx([0.02**0.5, 0])


def test_errors_are_the_spread_over_the_samples(evidence):
    assert evidence["stability_error"].tolist() == pytest.approx([0.1, 0])
    assert evidence["silhouette_error"].tolist() == pytest.approx([0.02**0.5, 0])
    assert evidence["davies_bouldin_error"].tolist() == [0, 0]


def row(k: int, **values: float | bool | None) -> dict[str, object]:
    """Return a row of evidence that nothing speaks for."""
    plain = {
        "k": k,
        "inertia_fall": 10.0 - k,
        "silhouette": 0.5 - k / 100,
        "calinski_harabasz": 100.0 - k,
        "davies_bouldin": 1.0 + k,
        "smallest_share": 10.0,
        "largest_share": 40.0,
        "gap": float(k),
        "gap_suffices": False,
        "stability": 0.7 - k / 100,
        "stability_spread": 0.05,
        "stability_error": 0.001,
        "silhouette_error": 0.001,
        "calinski_harabasz_error": 0.1,
        "davies_bouldin_error": 0.1,
        "bend_error": 0.1,
    }
    return plain | values


@pytest.fixture
def reading(run_model):
    """Give a function from rows of evidence to the sentences by line."""

    def run(rows, clusters=5):
        found = run_model(
            "census.k_reading", {"census.k_evidence": rows}, clusters=clusters
        )
        return dict(zip(found["line"], found["text"], strict=True))

    return run


def test_a_k_that_two_measures_favour_stands_out(reading):
    rows = [row(k) for k in range(2, 9)]
    rows[3] = row(5, silhouette=0.6, stability=0.9)
    found = reading(rows)
    assert found[1] == (
        "k = 5 stands out, better than both neighbours by two measures or more, beyond "
        "one standard error: 5 by silhouette, stability."
    )
    assert "for k = 5 (0.90)." in found[2]
    assert "names no k" in found[3]
    assert "silhouette 0.600, stability 0.90 ± 0.05" in found[5]


def test_a_peak_within_its_standard_error_does_not_count(reading):
    rows = [row(k) for k in range(2, 9)]
    rows[3] = row(5, silhouette=0.6, stability=0.9, silhouette_error=0.2)
    assert reading(rows)[1].startswith(
        "No k is better than both its neighbours, beyond"
    )


@pytest.mark.parametrize(
    ("silhouette", "words"),
    [
        (0.11, "A silhouette of 0.11 means no substantial structure: the clusters cut"),
        (0.3, "A silhouette of 0.30 means weak structure, which could be artificial"),
        (0.6, "A silhouette of 0.60 means reasonable structure (Kaufman"),
        (0.8, "A silhouette of 0.80 means strong structure (Kaufman"),
    ],
)
def test_what_a_silhouette_means_is_said_in_words(silhouette, words, reading):
    rows = [row(k) for k in range(2, 9)]
    rows[3] = row(5, silhouette=silhouette)
    assert reading(rows)[6].startswith(words)


def test_where_nothing_stands_out_it_says_so(reading):
    found = reading([row(k) for k in range(2, 9)], clusters=20)
    assert found[1].startswith("No k is better than both its neighbours")
    assert "k = 2 comes closest with 0.68." in found[2]
    assert 5 not in found  # clusters = 20 was not looked at


def test_a_small_davies_bouldin_is_the_good_one(reading):
    rows = [row(k) for k in range(2, 9)]
    rows[3] = row(5, davies_bouldin=0.5, stability=0.9)
    assert "5 by Davies–Bouldin, stability." in reading(rows)[1]


def test_a_bend_of_the_inertia_counts(reading):
    rows = [row(k, inertia_fall=20.0 if k <= 4 else 5.0) for k in range(2, 9)]
    rows[2]["stability"] = 0.9
    assert "4 by elbow, stability." in reading(rows)[1]


def test_small_clusters_and_a_sufficing_gap_are_named(reading):
    rows = [row(k, smallest_share=1.5 if k > 6 else 3.0) for k in range(2, 9)]
    rows[4]["gap_suffices"] = True
    found = reading(rows)
    assert found[3] == "The gap statistic first suffices at k = 6."
    assert found[4].startswith("From k = 7 on")
