"""Every sentence of every portrait by rule, read back and held against the tables."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from models_py.parts.naming.name_mentions import name_mentions
from placetypes.database import connect_published
from tests.conftest import REAL

PARTS = {
    "almost none": 0, "about one in a hundred": 1 / 100, "about one in fifty": 1 / 50,
    "about one in thirty": 1 / 30, "about one in twenty": 1 / 20,
    "about one in fifteen": 1 / 15, "about a twelfth": 1 / 12, "about a tenth": 1 / 10,
    "about an eighth": 1 / 8, "about a seventh": 1 / 7, "about a sixth": 1 / 6,
    "about a fifth": 1 / 5, "about a quarter": 1 / 4, "about three tenths": 3 / 10,
    "about a third": 1 / 3, "about three eighths": 3 / 8, "about two fifths": 2 / 5,
    "nearly half": 9 / 20, "about half": 1 / 2, "a little over half": 11 / 20,
    "about three fifths": 3 / 5, "about five eighths": 5 / 8, "about two thirds": 2 / 3,
    "about seven tenths": 7 / 10, "about three quarters": 3 / 4,
    "about four fifths": 4 / 5, "about five sixths": 5 / 6,
    "about seven eighths": 7 / 8,
    "about nine tenths": 9 / 10, "nearly all": 19 / 20, "practically all": 1,
}  # fmt: skip
HERE = r"(?: here than across the region)?"
CLAUSES = [
    (rf"(.+) are far more common{HERE}", "far more"),
    (rf"(.+) are more common{HERE}", "more"),
    (rf"(.+) are rarer{HERE}", "fewer"),
    (r"[Tt]here are far more (.+)", "far more"),
    (r"[Tt]here are more (.+)", "more"),
    (r"[Tt]here are fewer (.+)", "fewer"),
    (r"(.+) is far higher here than across the region", "far higher"),
    (r"(.+) is higher here than across the region", "higher"),
    (r"(.+) is lower here than across the region", "lower"),
    (r"(.+) are the commonest kind of home, (.+) of them", "dwelling"),
    (r"(.+) are the commonest tenure, (.+) of the homes", "tenure"),
]
INDEX = {
    "far more": (200, 1e9), "more": (120, 200), "fewer": (-1, 80),
    "far higher": (200, 1e9), "higher": (120, 200), "lower": (-1, 80),
}  # fmt: skip


class Portrait:
    """One portrait beside its cluster's figures, by phrase."""

    def __init__(self, connection, level, cluster, text):
        self.text = text
        self.level, self.cluster = level, cluster
        self.figures = self.of(connection, cluster)
        (sibling,) = connection.execute(
            "select sibling from nearest_siblings where level = $1 and cluster = $2",
            [level, cluster],
        ).fetchone()
        own, whole = connection.execute(
            "select countif(cluster = $2), count(*) from cluster_members "
            "where level = $1 and (level <> 'subgroup' or starts_with($2, family))",
            [level, cluster],
        ).fetchone()
        self.share_of_areas = own / whole
        self.of_sibling = self.of(connection, sibling)

    def of(self, connection, cluster):
        """Return the figures of a cluster by the phrase of each variable."""
        rows = connection.execute(
            "select phrase, index_score, share, overall_share, is_noticed, "
            "is_commonest, whole, unit, cluster_mean from cluster_shares "
            "where level = $1 and cluster = $2",
            [self.level, cluster],
        )
        names = [column[0] for column in rows.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}

    def phrases(self, text):
        """Read a list such as "a, b and c"; whatever is no phrase is an error."""
        known = "|".join(map(re.escape, sorted(self.figures, key=len, reverse=True)))
        found = re.findall(rf"(?:^|, | and )({known})(?=$|, | and )", text, re.I)
        assert len(", ".join(found)) + 3 * (len(found) > 1) == len(text), text
        lowered = {phrase.lower(): phrase for phrase in self.figures}
        return [self.figures[lowered[phrase.lower()]] for phrase in found]

    def check(self):
        """Read all sentences."""
        first, *others = re.split(r"(?<=\.) (?=[A-Z])", self.text)
        whose = "the" if self.level != "subgroup" else "that supergroup's"
        size = re.fullmatch(rf"This is .+, with (.+) of {whose} areas\.", first)
        if size:
            self.check_part(size[1], self.share_of_areas)
        else:
            assert first.startswith("This is the only ")
        for sentence in others:
            self.check_sentence(sentence.removesuffix("."))
        return len(others)

    def check_part(self, words, share):
        """Hold a share in words against the nearest of the list."""
        nearest = min(abs(part - share) for part in PARTS.values())
        assert abs(PARTS[words] - share) == pytest.approx(nearest), (words, share)

    def check_sentence(self, sentence):
        """Read one sentence into variables, direction and strength."""
        if sentence == "It differs little from the average of the region":
            assert not any(row["is_noticed"] for row in self.figures.values())
            return
        beside = re.fullmatch(
            r"Set beside the \w+ most like it, it has(?: more (.+?))?(?:,? ?(?:but)? ?"
            r"fewer (.+))?",
            sentence,
        )
        if beside:
            self.check_beside(beside[1], 1)
            self.check_beside(beside[2], -1)
            return
        for clause in sentence.split("; "):
            self.check_clause(clause)

    def check_beside(self, text, sign):
        """Hold "more" and "fewer" against the sibling."""
        for row in self.phrases(text) if text else []:
            sibling = self.of_sibling[row["phrase"]]
            assert sign * (row["cluster_mean"] - sibling["cluster_mean"]) > 0, row
            assert sign * (row["index_score"] - 100) > 20, row
            assert row["is_noticed"] and row["unit"] == "share"

    def check_clause(self, clause):
        """Hold one clause against index scores and shares."""
        read = [(re.fullmatch(pattern, clause), says) for pattern, says in CLAUSES]
        found, says = next((pair for pair in read if pair[0]), (None, None))
        assert found, f"no one can read “{clause}”"
        for row in self.phrases(found[1]):
            if says in ("dwelling", "tenure"):
                assert row["is_commonest"] and row["whole"] == says, clause
                self.check_part(found[2], row["share"] / 100)
                continue
            low, high = INDEX[says]
            assert low <= row["index_score"] < high and row["is_noticed"], (clause, row)
            assert (row["unit"] == "share") == (says in ("far more", "more", "fewer"))
            if row["unit"] == "share":  # what no one notices isn't told
                seen = row["share" if says != "fewer" else "overall_share"]
                assert seen >= (1 if row["index_score"] > 300 else 5), (clause, row)


def portraits(output, job) -> Iterator[Portrait]:
    """Give every portrait of a job's clusters."""
    with connect_published(output, spatial=False) as connection:
        connection.execute(f"use {job}")
        rows = connection.execute(
            "select level, cluster, portrait from rule_portraits order by all"
        ).fetchall()
        yield from (Portrait(connection, *row) for row in rows)


@pytest.mark.parametrize(
    ("job", "source", "region"),
    [
        ("census", "demo", "Demo City Region (synthetic)"),
        ("embeddings", "demo", None),
        ("census", "census", None),
        ("census", "trafford", "Trafford"),
    ],
)
def test_every_sentence_of_every_portrait_is_true(job, source, region, demo, tmp_path):
    folder = demo if source == "demo" else REAL / source / "input_data"
    if not folder.is_dir():
        pytest.skip("the real data are not there")
    files = shutil.copytree(folder, tmp_path / "input", copy_function=link)
    (files / "regions.csv").unlink(missing_ok=True)
    if region == "Trafford":
        (files / "regions.csv").write_text("region,district\nTrafford,E08000009\n")
    output = tmp_path / "output"
    more = ["--set", f"region={region}", "--set", "subgroups=3"] if region else []
    arguments = ["--input", str(files), "--output", str(output), *more]
    assert pipeline.main(["run", f"{job}.portraits", *arguments]) == 0
    assert sum(portrait.check() for portrait in portraits(output, job)) > 10
    assert called_false(output, job) == []


def called_false(output, job) -> list[str]:
    """Return the clauses of names and portraits by rule that the checks object to."""
    with connect_published(output, spatial=False) as connection:
        connection.execute(f"use {job}")
        found = name_mentions(
            connection.sql(
                "select level, cluster, name, portrait, 'kept' as fate "
                "from rule_names inner join rule_portraits using (level, cluster)"
            ).to_arrow_table(),
            connection.sql("from variable_words").to_arrow_table(),
            connection.sql("from cluster_shares").to_arrow_table(),
        )
    return [
        row["clause"]
        for row in found.to_pylist()
        if row["verdict"] not in ("supported", "unclear")
    ]


def link(source, target):
    """Link a file instead of copying it."""
    Path(target).symlink_to(source)
