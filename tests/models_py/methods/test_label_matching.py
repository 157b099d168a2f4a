"""Clusters keep the names of the former ones that they overlap most."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models_py.methods.label_matching import keep_names
from models_py.methods.letters import letters


def rename(new: str, former: str, candidates: str = "ABCDEFGH") -> str:
    """Rename clusters given as one letter for each area, the areas in order."""
    areas = np.arange(len(new))
    before = np.array([area for area in areas if former[area] != "."])
    names = np.array([former[area] for area in before])
    found = keep_names(areas, np.array(list(new)), before, names, list(candidates))
    return "".join(found)


def test_clusters_that_only_swapped_their_sizes_keep_their_letters():
    assert rename("AAABB", former="BBBAA") == "BBBAA"


def test_a_cluster_that_split_off_takes_the_next_free_letter():
    assert rename("AAABBC", former="AAABBB") == "AAABBC"
    assert rename("BBBAAC", former="AAABBB") == "AAABBC"


def test_letters_of_clusters_that_are_gone_leave_a_gap():
    assert rename("AAAABB", former="AAABCC") == "AAAACC"


def test_the_assignment_keeps_the_most_areas_in_all():
    # A overlaps X most, but giving X to B keeps more areas in all.
    former = "XXXXYYY" + "XXXX"
    assert rename("AAAAAAA" + "BBBB", former, "XYZAB") == "Y" * 7 + "X" * 4


def test_another_region_starts_anew():
    assert rename("AABB", former="B...") == "AABB"


@given(
    st.lists(st.sampled_from("ABC"), min_size=1, max_size=30), st.permutations("ABC")
)
def test_the_same_clusters_under_other_letters_get_theirs_back(former, permuted):
    mapping = dict(zip("ABC", permuted, strict=True))
    new = "".join(mapping[letter] for letter in former)
    assert rename(new, "".join(former)) == "".join(former)


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABC.")),
        min_size=1,
        max_size=40,
    )
)
def test_renaming_never_merges_or_splits_a_cluster(pairs):
    new = "".join(pair[0] for pair in pairs)
    renamed = rename(new, "".join(pair[1] for pair in pairs), "".join(letters(9)))
    assert (
        len(set(zip(new, renamed, strict=True))) == len(set(new)) == len(set(renamed))
    )
