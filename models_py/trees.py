"""The loops of random forests that NumPy can't express: growing trees, walking them.

numba compiles them in a few seconds. The machine code is kept in `__pycache__` beside
this file, or in the user's cache folder where that can't be written, so only the first
run on a machine compiles.

A tree is grown as scikit-learn grows it, draw by draw, so the trees are the same: a row
counts as often as it was drawn, so all sums are of whole numbers, exact in float64 and
in any order. What is faster:

- Rows are sorted by the rank of their value, nearly in one pass of counting. What else
  is needed of a row lies in the same 64 bits, its *key*: rank, class, times drawn.
- The sums of squares behind Gini impurity change with each row by a product, however
  many classes there are, and a cut is computed to the last digit only where it may be
  the best one.

Trees lie one after the other in an array of nodes, each followed by its left child. A
node's `feature` is the one that it tests or LEAF, and values up to its `threshold` go
left. Its `next` is its right child, or a leaf's row in `shares` (rows, c), the shares
of the classes: row i < c is class i alone.

Sources
-------
- L. Breiman (2001), Random forests, Machine Learning 45, 5-32.
- scikit-learn 1.9, tree/_tree.pyx, _splitter.pyx, _criterion.pyx.
- G. Marsaglia (2003), Xorshift RNGs, Journal of Statistical Software 8(14).
"""

import numpy as np
from numba import njit

NODE = np.dtype([("feature", "i4"), ("next", "i4"), ("threshold", "f8")])
LEAF = -1
ALIKE = np.float32(1e-7)  # values no further apart are not told apart

# A key's parts: the row's rank from bit 32 on, its class, how often it was drawn. The
# rank's own last bit says that its value is alike to the next smaller one among all;
# without it, the value is like none below, which spares a look at the values.
RANK, CLASS, DRAWS = 32, 20, (1 << 20) - 1
PAYLOAD = (1 << RANK) - 1

SHORT = 16  # so few keys are sorted by insertion
ROWS_AT_ONCE = 128  # rows that walk a tree while it is in the cache
CLOSE = 1e-6  # votes nearer to each other are counted again, in order


# --- Drawing --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def count_draws(
    numbers: np.ndarray, bounds: np.ndarray, guide: np.ndarray, draws: np.ndarray
) -> None:
    """Count in `draws` (n,) how often each row is drawn by numbers from 0 to below 1.

    Row i is drawn by a number from `bounds[i - 1]` to below `bounds[i]`. The search for
    a number starts at row `guide[int(n * number)]`.
    """
    for number in numbers:
        row = guide[int(number * len(bounds))]
        while row > 0 and bounds[row - 1] > number:
            row -= 1
        while bounds[row] <= number:
            row += 1
        draws[row] += 1


@njit(nogil=True, cache=True)
def next_random(state: int) -> int:
    """Return the next state (32 bits) of a xorshift generator."""
    if state == 0:
        state = 1
    state ^= (state << 13) & 0xFFFFFFFF
    state ^= state >> 17
    return state ^ ((state << 5) & 0xFFFFFFFF)


# --- Growing --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def add_up_classes(
    rows: np.ndarray, start: int, end: int, payload: np.ndarray, totals: np.ndarray
) -> tuple[float, int]:
    """Fill in the classes' weights (c,); return their sum and the heaviest class."""
    totals[:] = 0.0
    for i in range(start, end):
        own = payload[rows[i]]
        totals[own >> CLASS] += float(own & DRAWS)
    weight, heaviest = 0.0, 0
    for own in range(len(totals)):
        weight += totals[own]
        if totals[own] > totals[heaviest]:
            heaviest = own
    return weight, heaviest


@njit(nogil=True, cache=True)
def draw_features(
    rows: np.ndarray,
    start: int,
    end: int,
    ranks: np.ndarray,
    values: np.ndarray,
    order: np.ndarray,
    constants: np.ndarray,
    known: int,
    tried: int,
    state: int,
) -> tuple[int, int, int]:
    """Draw features that are not constant in `rows[start:end]`, without replacement.

    Returns how many, how many constants are known now, and the generator's state. The
    drawn ones are the last of `order` (d,), which holds one after the other: `known`
    constants, those drawn first; constants found here; features not drawn; drawn ones.
    `constants` (d,) keeps the order of the known ones for a node's descendants.
    """
    undrawn, visits, drawn_constants, found = len(order), 0, 0, 0
    while undrawn > known + found and (
        visits < tried or visits <= drawn_constants + found
    ):
        visits += 1
        state = next_random(state)
        among = undrawn - found - drawn_constants
        place = drawn_constants + (state & 0x7FFFFFFF) % among
        if place < known:
            other = drawn_constants
            drawn_constants += 1
        else:
            place += found
            feature = order[place]
            lowest = highest = np.int64(ranks[feature, rows[start]])
            is_constant = True
            for i in range(start + 1, end):
                rank = np.int64(ranks[feature, rows[i]])
                if rank < lowest or rank > highest:
                    lowest, highest = min(lowest, rank), max(highest, rank)
                    low = values[feature, lowest >> 1]
                    high = values[feature, highest >> 1]
                    is_constant = highest & 1 and high <= low + ALIKE
                    if not is_constant:
                        break
            if is_constant:
                other = known + found
                found += 1
            else:
                undrawn -= 1
                other = undrawn
        order[place], order[other] = order[other], order[place]
    for i in range(known):
        order[i] = constants[i]
    for i in range(known, known + found):
        constants[i] = order[i]
    return len(order) - undrawn, known + found, state


@njit(nogil=True, cache=True, error_model="numpy")
def best_cut(
    rows: np.ndarray,
    start: int,
    end: int,
    payload: np.ndarray,
    ranks: np.ndarray,
    values: np.ndarray,
    distinct: np.ndarray,
    order: np.ndarray,
    drawn: int,
    totals: np.ndarray,
    left: np.ndarray,
    keys: np.ndarray,
    spare: np.ndarray,
    buckets: np.ndarray,
) -> tuple[int, int, int, float, float, float]:
    """Return the cut of `rows[start:end]` that takes most off the Gini impurity.

    It is one of the last `drawn` features of `order`, and given as this feature, the
    ranks below and above, the left side's weight and both sides' impurities. Without
    any, the feature is LEAF. `totals` are the classes' weights (c,); `left` is room for
    as many, `keys` and `spare` for the rows, `buckets` for 4 a row and one.
    """
    count = end - start
    weight, squares = 0.0, 0.0
    for total in totals:
        weight += total
        squares += total * total
    best, enough = -np.inf, -np.inf
    found = LEAF, np.int64(-1), np.int64(-1), 0.0, 0.0, 0.0
    for turn in range(1, drawn + 1):
        feature = order[len(order) - turn]

        # Sort: many rows by the rank's leading bits, into up to 4 buckets a row.
        if count <= SHORT:
            for i in range(count):
                row = rows[start + i]
                keys[i] = (np.int64(ranks[feature, row]) << RANK) | payload[row]
        else:
            shift = 0
            while 2 * distinct[feature] >> shift > 4 * count:
                shift += 1
            last = 2 * distinct[feature] >> shift
            for bucket in range(last + 1):
                buckets[bucket] = 0
            for i in range(count):
                row = rows[start + i]
                rank = np.int64(ranks[feature, row])
                spare[i] = (rank << RANK) | payload[row]
                buckets[rank >> shift] += 1
            before = 0
            for bucket in range(last + 1):
                size = buckets[bucket]
                buckets[bucket] = before
                before += size
            for i in range(count):
                bucket = spare[i] >> (RANK + shift)
                keys[buckets[bucket]] = spare[i]
                buckets[bucket] += 1
        # Few rows, or nearly sorted ones, are put in order by insertion.
        for i in range(1, count):
            key = keys[i]
            if keys[i - 1] >> RANK > key >> RANK:
                j = i
                while j > 0 and keys[j - 1] >> RANK > key >> RANK:
                    keys[j] = keys[j - 1]
                    j -= 1
                keys[j] = key

        # Cut: from below, one row after the other goes to the left side.
        for own in range(len(left)):
            left[own] = 0.0
        left_weight, left_squares, right_squares = 0.0, 0.0, squares
        rank = keys[0] >> RANK
        for i in range(count):
            key = keys[i]
            if key >> RANK != rank:
                below, rank = rank, key >> RANK
                right_weight = weight - left_weight
                # A bound without division spares most cuts the rest.
                reach = left_squares * right_weight + right_squares * left_weight
                if reach > enough * left_weight * right_weight and not (
                    rank & 1
                    and values[feature, rank >> 1]
                    <= values[feature, below >> 1] + ALIKE
                ):
                    left_gini = 1.0 - left_squares / (left_weight * left_weight)
                    right_gini = 1.0 - right_squares / (right_weight * right_weight)
                    goodness = -right_weight * right_gini - left_weight * left_gini
                    if goodness > best:
                        best, enough = goodness, goodness + weight - 1e-9 * weight
                        found = feature, below, rank, left_weight, left_gini, right_gini
            own = (key & PAYLOAD) >> CLASS
            times = float(key & DRAWS)
            own_left = left[own]
            left_squares += times * (2 * own_left + times)
            right_squares += times * (times - 2 * (totals[own] - own_left))
            left[own] = own_left + times
            left_weight += times
    return found


@njit(nogil=True, cache=True)
def part_rows(
    rows: np.ndarray, start: int, end: int, ranks: np.ndarray, feature: int, below: int
) -> int:
    """Put those of `rows[start:end]` up to a rank first; return the others' start."""
    while start < end:
        if ranks[feature, rows[start]] <= below:
            start += 1
        else:
            end -= 1
            rows[start], rows[end] = rows[end], rows[start]
    return start


@njit(nogil=True, cache=True, error_model="numpy")
def grow_tree(
    rows: np.ndarray,
    payload: np.ndarray,
    ranks: np.ndarray,
    values: np.ndarray,
    distinct: np.ndarray,
    tried: int,
    state: int,
    nodes: np.ndarray,
    shares: np.ndarray,
    importances: np.ndarray,
) -> tuple[int, int]:
    """Grow a tree on the drawn rows (m,); count its nodes and its mixed leaves.

    `payload` (n,) and `ranks` (d, n) make the rows' keys; `values` (d, n) are those of
    the ranks, of which feature f has `distinct[f]`. At each node `tried` features that
    are not constant are drawn with the generator's `state`.

    `nodes` (2 m,) is filled from 0 on. `shares` (m, c) is filled with those of leaves
    of several classes, which can't be cut; their `next` counts on from c. What each
    feature takes off the impurity is added to `importances` (d,).
    """
    width, class_count = len(ranks), shares.shape[1]
    keys, spare = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    buckets = np.empty(4 * len(rows) + 1, np.int64)
    totals, left = np.empty(class_count), np.empty(class_count)
    # Nodes to come: first and last row, known constants, whose right child it is.
    starts, ends = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    knowns, parents = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    impurities = np.empty(len(rows))
    starts[0], ends[0], knowns[0], parents[0] = 0, len(rows), 0, -1
    waiting, size, mixed = 1, 0, 0
    order = np.arange(width)
    constants = np.empty(width, np.int64)
    all_weight, squares = 0.0, 0.0

    while waiting:
        waiting -= 1
        start, end, known = starts[waiting], ends[waiting], knowns[waiting]
        impurity = impurities[waiting]
        node = size
        size += 1
        if parents[waiting] >= 0:
            nodes[parents[waiting]].next = node
        weight, heaviest = add_up_classes(rows, start, end, payload, totals)
        if node == 0:
            all_weight = weight
            for own in range(class_count):
                squares += totals[own] * totals[own]
            impurity = 1.0 - squares / (weight * weight)
        if totals[heaviest] == weight:
            nodes[node].feature, nodes[node].next = LEAF, heaviest
            continue

        drawn, known, state = draw_features(
            rows, start, end, ranks, values, order, constants, known, tried, state
        )
        chosen, below, above, left_weight, left_gini, right_gini = best_cut(
            rows,
            start,
            end,
            payload,
            ranks,
            values,
            distinct,
            order,
            drawn,
            totals,
            left,
            keys,
            spare,
            buckets,
        )
        right_weight = weight - left_weight
        gain = (weight / all_weight) * (
            impurity
            - right_weight / weight * right_gini
            - left_weight / weight * left_gini
        )
        if chosen == LEAF or gain + np.finfo(np.float64).eps < 0:
            nodes[node].feature, nodes[node].next = LEAF, class_count + mixed
            for own in range(class_count):
                shares[mixed, own] = totals[own] / weight
            mixed += 1
            continue
        importances[chosen] += (
            weight * impurity - left_weight * left_gini - right_weight * right_gini
        )
        low, high = values[chosen, below >> 1], values[chosen, above >> 1]
        nodes[node].feature = chosen
        nodes[node].threshold = low / 2.0 + high / 2.0
        middle = part_rows(rows, start, end, ranks, chosen, below)
        for side in range(2):  # the right one waits longer
            starts[waiting] = start if side else middle
            ends[waiting] = middle if side else end
            knowns[waiting] = known
            parents[waiting] = -1 if side else node
            impurities[waiting] = left_gini if side else right_gini
            waiting += 1
    return size, mixed


# --- Walking --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def leaf_of(values: np.ndarray, row: int, node: int, nodes: np.ndarray) -> int:
    """Return the row of shares where a row of values (n, d) ends, from a node on."""
    while nodes[node].feature >= 0:
        goes_left = values[row, nodes[node].feature] <= nodes[node].threshold
        node = node + 1 if goes_left else np.int64(nodes[node].next)
    return np.int64(nodes[node].next)


@njit(nogil=True, cache=True)
def add_votes(
    first: int,
    last: int,
    values: np.ndarray,
    roots: np.ndarray,
    nodes: np.ndarray,
    shares: np.ndarray,
    votes: np.ndarray,
) -> None:
    """Add to the votes (n, c) of rows `first` to `last` all trees' shares, in order."""
    for start in range(first, last, ROWS_AT_ONCE):
        for root in roots:
            for row in range(start, min(start + ROWS_AT_ONCE, last)):
                leaf = leaf_of(values, row, root, nodes)
                for own in range(shares.shape[1]):
                    votes[row, own] += shares[leaf, own]


@njit(nogil=True, cache=True)
def add_turns(
    root: int,
    nodes: np.ndarray,
    shares: np.ndarray,
    values: np.ndarray,
    shuffled: np.ndarray,
    turned: np.ndarray,
    ends: np.ndarray,
    changes: np.ndarray,
) -> None:
    """Add to `changes` (m, d, repeats, c) how a tree's votes on m rows (m, d) change.

    `shuffled` (m, d, repeats) are the values that replace one of a row's. The tree is
    walked again only where it tests the feature on the row's way, and the row then
    turns off. `turned` (d, repeats) holds zeros and does so again in the end; `ends`
    (d * repeats, 3) is room for the places where a row ends otherwise.
    """
    repeats, class_count = shuffled.shape[2], shares.shape[1]
    for row in range(len(values)):
        count = 0
        node = np.int64(root)
        while nodes[node].feature >= 0:
            feature, threshold = nodes[node].feature, nodes[node].threshold
            left, right = node + 1, np.int64(nodes[node].next)
            own = values[row, feature]
            node, aside = (left, right) if own <= threshold else (right, left)
            for repeat in range(repeats):
                other = shuffled[row, feature, repeat]
                if turned[feature, repeat] or (other <= threshold) == (node == left):
                    continue
                turned[feature, repeat] = True
                ends[count, 0], ends[count, 1] = feature, repeat
                values[row, feature] = other
                end = aside
                while nodes[end].feature >= 0:
                    goes_left = values[row, nodes[end].feature] <= nodes[end].threshold
                    end = end + 1 if goes_left else np.int64(nodes[end].next)
                ends[count, 2] = nodes[end].next
                values[row, feature] = own
                count += 1
        leaf = np.int64(nodes[node].next)
        for i in range(count):
            feature, repeat, end = ends[i, 0], ends[i, 1], ends[i, 2]
            turned[feature, repeat] = False
            if max(leaf, end) < class_count:
                changes[row, feature, repeat, leaf] -= 1.0
                changes[row, feature, repeat, end] += 1.0
            elif leaf != end:
                for own in range(class_count):
                    change = shares[end, own] - shares[leaf, own]
                    changes[row, feature, repeat, own] += change


@njit(nogil=True, cache=True)
def winner_of(votes: np.ndarray) -> tuple[int, bool]:
    """Return the class with most votes (c,), first of equals, and if one is close."""
    winner = 0
    for own in range(len(votes)):
        if votes[own] > votes[winner]:
            winner = own
    close = 0
    for vote in votes:
        close += vote > votes[winner] - CLOSE
    return winner, close > 1


@njit(nogil=True, cache=True, error_model="numpy")
def find_winners(
    first: int,
    last: int,
    values: np.ndarray,
    orders: np.ndarray,
    votes: np.ndarray,
    roots: np.ndarray,
    nodes: np.ndarray,
    shares: np.ndarray,
    winners: np.ndarray,
) -> None:
    """Find the classes of rows `first` to `last` with each feature shuffled in turn.

    Fills `winners` (d, repeats, n) with classes counted from 0. In repeat r row i has
    the value of row `orders[r, i]`; `votes` (n, c) are those of the `values` (n, d) as
    they are. Sums of shares depend on their order in the last digits, so votes that lie
    close together are counted anew in the order of the trees.
    """
    width, repeats, class_count = values.shape[1], len(orders), shares.shape[1]
    exact = len(shares) == class_count  # then votes are whole numbers
    own_values = np.empty((ROWS_AT_ONCE, width), np.float32)
    shuffled = np.empty((ROWS_AT_ONCE, width, repeats), np.float32)
    changes = np.empty((ROWS_AT_ONCE, width, repeats, class_count))
    turned = np.zeros((width, repeats), np.bool_)
    ends = np.empty((width * repeats, 3), np.int64)
    for start in range(first, last, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, last - start)
        for row in range(count):
            for feature in range(width):
                own_values[row, feature] = values[start + row, feature]
                for repeat in range(repeats):
                    other = orders[repeat, start + row]
                    shuffled[row, feature, repeat] = values[other, feature]
                    for own in range(class_count):
                        changes[row, feature, repeat, own] = votes[start + row, own]
        here = own_values[:count]
        for root in roots:
            add_turns(root, nodes, shares, here, shuffled, turned, ends, changes)
        for row in range(count):
            for feature in range(width):
                for repeat in range(repeats):
                    total = changes[row, feature, repeat]
                    winner, close = winner_of(total)
                    if close and not exact:
                        total[:] = 0.0
                        here[row, feature] = shuffled[row, feature, repeat]
                        for root in roots:
                            leaf = leaf_of(here, row, root, nodes)
                            for own in range(class_count):
                                total[own] += shares[leaf, own]
                        here[row, feature] = values[start + row, feature]
                        for own in range(class_count):
                            total[own] /= len(roots)
                        winner, _ = winner_of(total)
                    winners[feature, repeat, start + row] = winner
