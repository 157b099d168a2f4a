"""What the text of each given name says of the variables, held against the tables."""

import re

import pyarrow as pa

from models_py.clauses import (
    FEW,
    FEWER,
    MANY,
    MORE,
    MOST,
    NEAR,
    SOME,
    THERE,
    Statement,
    compile_words,
    read_statements,
)

SCHEMA = pa.schema(
    [
        *[("level", pa.string()), ("cluster", pa.string()), ("variable", pa.string())],
        *[("phrase", pa.string()), ("place", pa.string()), ("clause", pa.string())],
        *[("read_as", pa.string()), ("index_score", pa.float64())],
        *[("share", pa.float64()), ("commonest", pa.string())],
        *[("commonest_share", pa.float64()), ("verdict", pa.string())],
    ]
)
SUPPORTED, CONTRADICTED, NEARLY = "supported", "contradicted", "within 80-120"
NOT_COMMONEST, UNSURE = "not the commonest", "unclear"
NOUNS = ("dwelling", "tenure")  # what a name says of these, a resident counts
NEAR_TIE = 0.9  # of the commonest one's share: as good as the commonest
HALF, TENTH = 50, 10  # per cent
SCARCE = 60  # index score below which a text may not say that there are some
SLIGHT = 5  # points of an index score that "slightly more" asks for


def name_mentions(
    given_names: pa.Table, variable_words: pa.Table, cluster_shares: pa.Table
) -> pa.Table:
    """One row: one mention of a variable in a given name or portrait (shares in %).

    Raises ValueError where the word list holds what is no regular expression.
    """
    compiled = [
        compile_words(
            row["variable"],
            # Portraits by rule have the phrase itself.
            f"{re.escape(row['phrase'])}|{row['mention']}",
            row["opposite"],
        )
        for row in variable_words.to_pylist()
        if row["mention"]
    ]
    words = [entry for entry in compiled if entry]
    shares = cluster_shares.to_pylist()
    share_of = {(r["level"], r["cluster"], r["variable"]): r for r in shares}
    commonest = {
        (r["level"], r["cluster"], r["whole"]): r for r in shares if r["place"] == 1
    }

    rows = []
    for given in given_names.to_pylist():
        if given["fate"] != "kept":
            continue
        for place in ("name", "portrait"):
            for said in read_statements(given[place] or "", words):
                key = given["level"], given["cluster"]
                share = share_of.get((*key, said.variable))
                if share:
                    first = commonest.get((*key, share["whole"]))
                    rows.append(judged(said, place, share, first))
    together(rows)
    return pa.Table.from_pylist(rows, SCHEMA)


def together(rows: list[dict]) -> None:
    """Let pass what is most of a whole beside the commonest: "A and B dominate".

    In a name ("Semis and Terraces") both have to be as common as elsewhere.
    """
    said = ("cluster", "clause", "commonest", "read_as")
    for row in rows:
        beside = [o for o in rows if all(o[name] == row[name] for name in said)]
        has_commonest = any(other["phrase"] == row["commonest"] for other in beside)
        is_half = sum(other["share"] or 0 for other in beside) >= HALF
        is_usual = row["place"] == "portrait" or (row["index_score"] or 0) >= 100
        if is_usual and is_half and has_commonest and row["verdict"] == NOT_COMMONEST:
            row["verdict"] = SUPPORTED


def judged(said: Statement, place: str, share: dict, first: dict | None) -> dict:
    """Return one row: what is said, beside the figures, and the verdict."""
    kept = ("level", "cluster", "variable", "phrase", "index_score", "share")
    return {
        **{name: share[name] for name in kept},
        "place": place,
        "clause": said.clause,
        "read_as": said.read_as,
        "commonest": first and first["phrase"],
        "commonest_share": first and first["share"],
        "verdict": verdict(said, share, is_name=place == "name"),
    }


def verdict(said: Statement, share: dict, *, is_name: bool) -> str:
    """Hold a statement against index score and share."""
    direction, is_noun = share["direction"], share["whole"] in NOUNS
    is_most = is_commonest(share) or (share["share"] or 0) >= HALF
    if said.read_as == MORE:
        return compared(direction, "above", said, share)
    if said.read_as == FEWER:
        return compared(direction, "below", said, share)
    if said.read_as == THERE and not is_name:  # to be mentioned is no claim
        return UNSURE
    if said.read_as == SOME:
        is_scarce = direction == "below" and share["index_score"] < SCARCE
        is_scarce &= (share["share"] or 0) < TENTH
        return CONTRADICTED if is_scarce else SUPPORTED
    if said.read_as == NEAR:
        return SUPPORTED if direction == "near" else CONTRADICTED
    if said.read_as == MOST or (said.read_as == THERE and is_name and is_noun):
        if is_most or (share["share"] is None and direction == "above"):
            return SUPPORTED
        return CONTRADICTED if direction == "below" else NOT_COMMONEST
    if said.read_as in (MANY, THERE):
        return SUPPORTED if is_most else compared(direction, "above", said, share)
    if said.read_as == FEW:
        is_small = direction == "near" and (share["share"] or HALF) < TENTH
        return SUPPORTED if is_small else compared(direction, "below", said, share)
    return UNSURE


def is_commonest(share: dict) -> bool:
    """Tell whether nothing of its whole is commoner, but for a near tie."""
    if share["is_commonest"]:
        return True
    if share["place"] in (None, 1) or share["share"] is None:
        return False
    return share["share"] >= NEAR_TIE * (share["share"] - share["ahead_by"])


def compared(direction: str, claimed: str, said: Statement, share: dict) -> str:
    """Hold a comparison with the region against the index score.

    Of what most have, no place has much more or less: there the rest's index counts.
    """
    index, sign = share["index_score"], 1 if claimed == "above" else -1
    if direction == claimed:
        return SUPPORTED
    if direction == "near":
        is_so = said.is_slight and index and sign * (index - 100) > SLIGHT
        return SUPPORTED if is_so or of_the_rest(share) == claimed else NEARLY
    return CONTRADICTED


def of_the_rest(share: dict) -> str | None:
    """Tell what the index score of all others says of a share above one half."""
    overall = share["overall_share"] or 0
    if not HALF < overall < 100:
        return None
    index = 100 * (100 - share["share"]) / (100 - overall)
    return "above" if index < 80 else "below" if index > 120 else None
