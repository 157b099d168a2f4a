"""What a text says of a variable: that there are more or fewer, most, or few at all.

A reader for short English descriptions. It finds where variables are mentioned and the
words of quantity around them (signs), and gives each mention the sign that governs it:
the one before it ("fewer flats and terraces") or, past a verb, the one behind it
("flats and terraces are rarer"). It knows no grammar and can be wrong; how often is
measured by benchmarks/portraits.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# How a statement is meant: against the region, of the share itself, or neither.
MORE, FEWER = "more than average", "fewer than average"
MOST, MANY, FEW = "most", "many", "few"
NEAR, SOME, THERE = "about average", "some", "mentioned"
UNCLEAR = "unclear"
OPPOSITES = {MORE: FEWER, FEWER: MORE, MOST: FEW, MANY: FEW, FEW: MANY, THERE: FEW}

GOOD = (
    "common(ly)?|often|likely|frequent(ly)?|usual|typical(ly)?|widespread|prevalent"
    "|numerous|many|much|represented|high|abundant|dominant|pronounced|marked|plentiful"
)
BY_FAR = (
    r"((much|far|many|a (lot|little|bit)|considerably|significantly|markedly|notably"
    r"|noticeably|substantially|slightly|heavily|greatly|vastly|strikingly|somewhat|distinctly|clearly|strongly|highly"
    r"|well|even) )?"
)
AVERAGE = r"(the )?(\w+ )?(average|mean|norm|region|regional figure)"
# In this order: where two fit at one place, the first counts.
SIGNS = [
    # Of quantity in their letters only.
    (
        THERE,
        r"above all|most of all|not least|least of all|at (most|least|the most)"
        r"|more or less|more than one|not (only|just|merely|simply)|no more than"
        r"|as many as|as much|so many|how (many|much|few)"
        r"|(hardly|scarcely|barely|little|not much) (more|less|fewer)"
        r"|not far (short of|off|from|behind)|out(numbered|weighed)|overshadowed",
    ),
    (
        NEAR,
        r"(little|no) (difference|different)|differs? little|hardly differs?"
        r"|no (more|less) \w+( here)? than"
        rf"|typical of {AVERAGE}|(close|similar|near|equal|comparable) to {AVERAGE}"
        rf"|in line with {AVERAGE}|(about|around|roughly) {AVERAGE}|much as across"
        r"|as common as|(?<!than[- ])(?<!above[- ])(?<!below[- ])average "
        r"(share|level|proportion|number|rate)s?( of)?"
        r"|(not|no|neither) (particularly |especially )?(more|higher)[\w ]* (nor|or) "
        r"(less|fewer|lower|rarer)( common)?",
    ),
    # What is there beside others: not how much of it.
    (
        SOME,
        r"(nearly |almost )?(most|all|much|many) of (the|what) (rest|remain\w*|others)"
        r"|some(?! of the)|(sizeable|significant|substantial|large|notable) minority"
        r"|(mix|mixture|blend|combination|range|variety|array|balance) of"
        r"|(?<!than a )(half|thirds?|quarters?|fifths?|sixth|seventh|eighth|tenths?)"
        r" (of|in)(?! the| what)"
        r"|mixed|combin(es|ing)|followed by|interspersed with|together with|alongside"
        r"|varied|several|various|ahead of",
    ),
    (
        MORE,
        r"no (shortage of|rarity|exception)"
        r"|(not|n't|far from) (\w+ )?(rare|uncommon|few|scarce)\b",
    ),
    (
        FEW,
        r"(largely|mostly|almost|mainly|entirely|all but) "
        r"(absent|lacking|unknown)|(un)?heard of|non-?existent|next to no",
    ),
    (
        FEWER,
        r"half as (many|common|likely|much)(?! again)|halved\b"
        r"|(half|third|quarter|fifth|tenth|fraction) (of )?(what|(the|its|that)( \w+)* "
        r"(average|mean|norm|figure|rate|share|level))"
        rf"|(less|not|n't|nowhere near|far from|hardly|no longer|un) ?-?"
        rf"(as |so |very |particularly |especially |at all |nearly )*({GOOD})\b",
    ),
    (MANY, r"well[- ]represented|strong presence"),
    (FEW, r"(poorly|thinly|barely) represented|weak presence|short supply"),
    (
        MOST,
        r"more than half|over half|most( of)?( the)? (common|frequent|numerous"
        r"|prevalent|people|homes|households|residents|housing|properties|adults"
        r"|workers)|(vast |large |great )?majority|commonest|mostly|predomina\w+|mainly"
        r"|dominan\w+|dominat(e[sd]?|ing)|ubiquitous|universal|largely|chiefly|primarily"
        r"|main|principal|prevail\w*|outnumber\w*|overwhelming(ly)?|backbone|bedrock"
        r"|mainstay|bulk|holds? sway|more (\w+ )?than any other|(nearly|almost) all"
        r"|largest (share|group)",
    ),
    (
        FEWER,
        BY_FAR + r"((lower|smaller|fewer|less)-than-\w+|fewer|fewest|less|lower|lowest"
        r"|rarer|rarest|below|smaller|smallest|lesser|under-?represent\w+|reduced|least"
        r"|weaker|thinner|shortfall|deficit|scarcer|short of|lags?|trails?|falls? short"
        rf"|under (?={AVERAGE}\b))",
    ),
    (
        MORE,
        BY_FAR
        + r"((higher|larger|greater|more)-than-\w+|(?<!or )more|higher|highest|above"
        r"|greater|greatest|larger|bigger|elevated|over-?represent\w+|exceed\w*"
        r"|increased|stronger|disproportionate(ly)?(?! (few|low|small|rare|un\w+))"
        r"|twice|double[ds]?|triple|(two|three|four|five|several) times|surplus"
        r"|heavier|commoner|most|better represented|outstrips?|well over|raised|rises"
        rf"|over (?={AVERAGE}\b))",
    ),
    (
        FEW,
        r"few|rare|rarely|little|low|scarce\w*|seldom|hardly|barely|scant|limited"
        r"|minority|small|uncommon|absen(t|ce)|scarcity|lack(s|ing)?|without|none|no|not"
        r"|neither|nor|negligible|minimal|shortage|tiny|unusual|infrequent|sparse|devoid"
        r"|thin(ner)? on the ground|hard to (find|come by)|rarity|unknown|missing"
        r"|exceptions?",
    ),
    (
        MANY,
        r"common|commonly|many|much|high|large|often|typical\w*|abundant|prevalent"
        r"|widespread|numerous|strong|substantial|considerable|significant|sizeable"
        r"|plenty|popular|frequent\w*|plentiful|heavy|heavily|pronounced|prominent"
        r"|abound\w*|concentrat\w+|characteri[sz]ed by|marked by|defined by|notable"
        r"|(defining|distinctive) (feature|characteristic|trait)s?|hallmarks?|rich in"
        r"|the norm|extensive|prominently|rife"
        r"|(?<!than )(?<!as )usual(?! (rate|level|number|share|figure|proportion))",
    ),
]
# Not "lower-skilled", which is a kind of work and no quantity.
SIGN = re.compile(
    "|".join(
        rf"(?P<s{n}>\b(?:{words})\b(?!-(?!average|represented)))"
        for n, (_, words) in enumerate(SIGNS)
    ),
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(are|is|were|was|be|being|remains?|tends?|appears?|becomes?|occurs?|stands?"
    r"|features?|seems?|lies?|sits?|runs?|makes? up|accounts? for|falls?"
    r"|rises?|ranks?|forms?|(has|have|plays?|takes?) an?)\b",
    re.IGNORECASE,
)
RELATIVE = re.compile(r"\s*((that|which|who)\b|(\w+ )?an?\s*$)", re.IGNORECASE)
# What may stand between a mention and what is said of it, or the next of a list.
NOUN = re.compile(
    r"[\s,]*(residents|people|adults|work(ers)?|jobs?|posts|roles"
    r"|occupations?|employment|employees|households|homes|houses|housing|dwellings"
    r"|propert\w+|tenants|renting|families|communit\w+|groups?)?[\s,]*",
    re.IGNORECASE,
)
HEAD = re.compile(r"\s+(families|family|households|communities)", re.IGNORECASE)
LIST = re.compile(
    r"\s*([\w-]+\s+)?[\w-]*\s*(,|,? ?\b(and|or|as well as|along with|nor)\b)"
    r"\s*((?!(levels?|rates?|incidence|prevalence) of)[\w-]+\s+){0,3}"
    r"|\s*(of|in|such as)?\s*",
    re.IGNORECASE,
)
IN = re.compile(r"\b(in|at)\s+$", re.IGNORECASE)  # "flats in lower numbers"
AS_BEFORE = re.compile(r"^\W*(and )?(so|nor|neither) (are|is|do|does)\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SEGMENT = re.compile(
    r"[;:—–()]| - |,? \b(?:(?<!all )but|while|whilst|whereas|though|although"
    r"|even though|yet|in which|where|however|balanced by|offset by|despite"
    r"|in contrast to)\b "
    r"|, with\b |, so (?!are|is|do|does)|,? and (?=(it|there|they|this|these|those)\b)"
    r"|, (?=(leaving|reflecting|suggesting|indicating|giving|making|creating)\b)",
    re.IGNORECASE,
)
AND = re.compile(r",? \band\b |, ", re.IGNORECASE)
MOST_BEFORE = 2  # words between "and" and the mention that it leads to: "the share of"
CLOSE = re.compile(r"\s*((?!and\b|or\b)[\w-]+\s+){0,2}")
# Deny what they stand before, and nothing further off.
BARE = re.compile("no|not|nor|neither|none|without", re.IGNORECASE)
REFUSED = re.compile(
    r"\b(?:rather than|instead of|as opposed to|and not|not)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
SLIGHTLY = re.compile(r"\b(slight|somewhat|a little|marginal|modest|a bit)", re.I)
# What is held against another cluster says nothing about the region, and what is said
# of the region nothing about the cluster.
OF_SIBLINGS = re.compile(
    r"\b(?i:where|while|whereas|if|unlike) ([\w-]+ ){0,4}the region\b|"
    r"most like it|sibling|than (in|its) (the )?(other|neighbour|nearest|[A-Z]\d?)"
    r"|compared (with|to) (its|the other|other|[A-Z]\d?\b)",
)
# "More clerical than manual workers" holds two things against each other.
BESIDE = re.compile(r"\b(outnumber\w*|ahead of)\b", re.IGNORECASE)
THAN = re.compile(
    r"\bthan\s+(?:(?!average|usual|typical|normal)[\w'-]+\s+){0,4}$", re.I
)
SHARE_NOUN = re.compile(
    r"^\s*(\w+ )?(share|proportion|rate|level|number|percentage|concentration)s?\b",
    re.IGNORECASE,
)


class Words(NamedTuple):
    """How texts speak of one variable, and of its being rare or low."""

    variable: str
    mention: re.Pattern[str]
    opposite: re.Pattern[str] | None


class Statement(NamedTuple):
    """What one clause says of one variable."""

    variable: str
    clause: str
    read_as: str
    is_slight: bool


class Mention(NamedTuple):
    """Where a variable is spoken of."""

    start: int
    end: int
    variable: str
    is_opposite: bool


class Sign(NamedTuple):
    """Where a word of quantity stands."""

    start: int
    end: int
    says: str


def compile_words(
    variable: str, mention: str | None, opposite: str | None
) -> Words | None:
    """Compile the patterns of one variable; None where there are none.

    Raises ValueError where one is no regular expression.
    """
    if not mention:
        return None
    try:
        return Words(
            variable,
            re.compile(mention, re.IGNORECASE),
            re.compile(opposite, re.IGNORECASE) if opposite else None,
        )
    except re.error as error:
        raise ValueError(
            f"naming_words.csv: the mention or opposite of variable {variable} is no "
            f"regular expression ({error}). Correct that line."
        ) from error


def read_statements(text: str, words: Sequence[Words]) -> list[Statement]:
    """Return what a text says of each variable that it mentions, in its order."""
    found = []
    for sentence in SENTENCE.split(text):
        is_of_siblings = bool(OF_SIBLINGS.search(sentence))
        for segment in segments(sentence, words):
            former = found[-1].read_as if found else THERE
            for statement in read_segment(segment, words):
                says = former if AS_BEFORE.search(segment) else statement.read_as
                says = UNCLEAR if is_of_siblings else says
                found.append(statement._replace(read_as=says))
    return found


def segments(sentence: str, words: Sequence[Words]) -> list[str]:
    """Split a sentence where another thing begins, but not within a mention."""
    found = mentions(sentence, words)
    cuts = [
        cut
        for cut in SEGMENT.finditer(sentence)
        if not any(m.start < cut.start() < m.end for m in found)
    ]
    # A comma parts statements rather than a list's last two.
    for cut in sorted(AND.finditer(sentence), key=lambda a: not a[0].startswith(",")):
        former = max((c.end() for c in cuts if c.end() <= cut.start()), default=0)
        latter = min(
            (c.start() for c in cuts if c.start() >= cut.end()), default=len(sentence)
        )
        within = [m for m in found if former <= m.start and m.end <= latter]
        if parts_statements(sentence[:latter], former, cut, within):
            cuts.append(cut)
    cuts.sort(key=lambda cut: cut.start())
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(sentence)]
    pieces = [sentence[a:b] for a, b in zip(starts, ends, strict=True) if a < b]
    return [piece for piece in pieces if piece.strip()]


def parts_statements(
    sentence: str, former: int, cut: re.Match[str], found: Sequence[Mention]
) -> bool:
    """Tell whether "and" parts two statements, as in "flats are rare and owners few".

    What is before it, from the former cut on, has a word of quantity; behind it stands
    a mention, or several, with a verb and a word of quantity of its own.
    """
    behind = [m for m in found if m.start >= cut.end()]
    if any(m.start < cut.start() < m.end for m in found):
        return False
    if not behind or len(sentence[cut.end() : behind[0].start].split()) > MOST_BEFORE:
        return False
    signs = find_signs(sentence, found)
    own = [s for s in signs if cut.end() <= s.start < behind[0].start]
    if own or not any(former <= s.start and s.end <= cut.start() for s in signs):
        return False
    sign = predicate(sentence, found, found.index(behind[0]), signs)
    if sign is None:
        return False
    last = max((m.end for m in behind if m.end <= sign.start), default=cut.end())
    return VERB.search(sentence[last : sign.start]) is not None


def mentions(text: str, words: Sequence[Words]) -> list[Mention]:
    """Return where variables are spoken of; of mentions that overlap, the longest."""
    found = [
        Mention(
            match.start(), whole_word(text, match.end()), entry.variable, is_opposite
        )
        for entry in words
        for pattern, is_opposite in ((entry.mention, False), (entry.opposite, True))
        if pattern
        for match in pattern.finditer(text)
        if match.end() > match.start()
        and not text[: match.start()].lower().endswith("non-")  # nor "non-White"
    ]
    found.sort(key=lambda m: (m.start - m.end, not m.is_opposite))
    kept: list[Mention] = []
    for mention in found:
        rivals = [k for k in kept if k.start < mention.end and mention.start < k.end]
        if all(
            (k.start, k.end) == (mention.start, mention.end)
            and k.variable != mention.variable
            for k in rivals
        ):
            kept.append(mention)
    return without_heads(text, sorted(kept))


def without_heads(text: str, found: list[Mention]) -> list[Mention]:
    """Leave out nouns that belong to the mention before, as in "Chinese families"."""
    kept: list[Mention] = []
    for mention in found:
        end = kept[-1].end if kept else mention.end
        if mention.start < end or not HEAD.fullmatch(text[end : mention.end]):
            kept.append(mention)
    return kept


def whole_word(text: str, end: int) -> int:
    """Return the end of the word that a pattern ends in."""
    return end + len(re.match(r"\w*", text[end:])[0])


def read_segment(text: str, words: Sequence[Words]) -> Iterator[Statement]:
    """Give each mention of one segment the sign that governs it."""
    found = mentions(text, words)
    signs = find_signs(text, found)
    is_between = any(THAN.search(text[: mention.start]) for mention in found)
    for place, mention in enumerate(found):
        says = governing(text, found, place, signs)
        # A comparison that no rule ties to the mention may be meant of it all the same.
        is_loose = says == THERE and any(s.says in (MORE, FEWER, FEW) for s in signs)
        is_beside = bool(BESIDE.search(text[: mention.start]))
        if is_loose or is_beside or (is_between and says in (MORE, FEWER)):
            says = UNCLEAR
        if mention.is_opposite:
            says = OPPOSITES.get(says, says)
        is_slight = bool(SLIGHTLY.search(text))
        yield Statement(mention.variable, text.strip(" ,"), says, is_slight)


def find_signs(text: str, found: Sequence[Mention]) -> list[Sign]:
    """Return the words of quantity, but for those of a variable's own words."""
    found_signs = [
        Sign(match.start(), match.end(), SIGNS[int(match.lastgroup[1:])][0])
        for match in SIGN.finditer(text)
        if match.lastgroup
        and not any(m.start < match.end() and match.start() < m.end for m in found)
    ]
    return [sign for sign in found_signs if sign.says != THERE]


def governing(
    text: str, found: Sequence[Mention], place: int, signs: Sequence[Sign]
) -> str:
    """Return what the sign says that governs a mention."""
    mention = found[place]
    former = found[place - 1].end if place else 0
    if REFUSED.search(text[former : mention.start]):
        return FEW
    before = [sign for sign in signs if sign.end <= mention.start]
    behind = predicate(text, found, place, signs)
    if not before:
        following = found[place + 1].start if place + 1 < len(found) else len(text)
        near = [
            s
            for s in signs
            if mention.end <= s.start < following
            and CLOSE.fullmatch(text[mention.end : s.start])
            and not BARE.fullmatch(text[s.start : s.end])
        ]
        chosen = behind or (near[0] if near else None)
        return chosen.says if chosen else THERE
    last = before[-1]
    between = [m for m in found if last.end <= m.start < mention.start]
    is_spent = bool(VERB.search(text[last.end : mention.start]))
    is_said_before = is_predicate(text, last, found)
    if behind and (between or is_spent or is_said_before):
        return behind.says
    gap = text[last.end : (between or [mention])[0].start]
    is_bare = BARE.fullmatch(text[last.start : last.end]) and "," in gap
    # "Little sign of large numbers of flats."
    is_denied = last.says == MANY and any(
        s.says == FEW and CLOSE.fullmatch(text[s.end : last.start]) for s in before
    )
    if is_said_before or is_bare or is_denied or not reaches(text, between, mention):
        return UNCLEAR
    return last.says


def reaches(text: str, between: Sequence[Mention], mention: Mention) -> bool:
    """Tell whether a sign reaches a mention past others: only along a list of them."""
    steps = pairwise([*between, mention])
    return all(links(text[a.end : b.start]) for a, b in steps)


def links(gap: str) -> bool:
    """Tell whether what stands between two mentions makes a list of them."""
    return LIST.fullmatch(gap) is not None and VERB.search(gap) is None


def predicate(
    text: str, found: Sequence[Mention], place: int, signs: Sequence[Sign]
) -> Sign | None:
    """Return the sign that is said of a mention, or of the list that it stands in."""
    end = found[place].end
    for following in [*found[place + 1 :], None]:
        sign = next((s for s in signs if s.start >= end), None)
        if sign is None:
            return None
        if following is None or sign.start < following.start:
            gap = text[end : sign.start]
            is_its = sign.says == MOST or is_said(gap)
            if BARE.fullmatch(text[sign.start : sign.end]):
                is_its = VERB.search(gap) is not None
            if IN.search(gap) or (is_its and not heads(text, sign, found)):
                return sign
            return None
        if not links(text[end : following.start]):
            return None
        end = following.end
    return None


def is_said(gap: str) -> bool:
    """Tell whether what stands behind a gap is said of what stands before it."""
    return any((NOUN.fullmatch(gap), VERB.search(gap), RELATIVE.match(gap)))


def heads(text: str, sign: Sign, found: Sequence[Mention]) -> bool:
    """Tell whether a sign leads a phrase of its own, such as "a lower share of"."""
    following = next((m for m in found if m.start >= sign.end), None)
    if following is None:
        return False
    if SHARE_NOUN.match(text[sign.end :]):
        return True
    return len(text[sign.end : following.start].split()) == 0


def is_predicate(text: str, sign: Sign, found: Sequence[Mention]) -> bool:
    """Tell whether a sign was said of mentions before it."""
    former = [m for m in found if m.end <= sign.start]
    if not former:
        return False
    gap = text[former[-1].end : sign.start]
    is_verb = sign.says == MOST and len(gap.split()) <= 1  # flats prevail
    return (
        is_verb
        or bool(IN.search(gap))
        or (is_said(gap) and not heads(text, sign, found))
    )
