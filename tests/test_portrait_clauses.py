"""The reader of portraits on 1,061 clauses whose truth is known."""

from benchmarks.portraits.bench import measure, read_clauses


def test_contradictions_are_found_and_the_truth_is_let_pass():
    counts = measure()
    assert len(read_clauses()) >= 200
    assert counts["false"][True] >= 0.9 * counts["false"].total()
    assert counts["true"][True] <= 0.05 * counts["true"].total()
