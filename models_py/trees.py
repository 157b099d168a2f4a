"""The loops of random forests that NumPy can't express: growing trees, walking them.

numba compiles them in a few seconds. The machine code is kept in `__pycache__` beside
this file, or in the user's cache folder where that can't be written, so only the first
run on a machine compiles.

A tree is grown as scikit-learn grows it, draw by draw, so that the trees are the same:
sampled rows count as often as they were drawn, so all sums are of whole numbers, exact
in float64 and in any order. What is faster:

- Rows are sorted by the rank that their value has among all, in a few passes of
  counting; what is known of a row travels in the same 64 bits.
- The sums of squares that Gini impurity needs change with each row by a product,
  whatever the number of classes, and a cut is only computed to the last digit where it
  may be the best.

Trees lie one after the other in flat arrays. A node is followed by its left child.
`features[node]` is the feature that it tests or LEAF; `nexts[node]` is its right child,
or a leaf's row of `shares`, which are the classes' shares (rows, classes). Its first
rows are those of one class alone.

Sources
-------
- L. Breiman (2001), Random forests, Machine Learning 45, 5-32.
- scikit-learn, tree/_splitter.pyx, _criterion.pyx, _tree.pyx, version 1.9.
- G. Marsaglia (2003), Xorshift RNGs, Journal of Statistical Software 8(14).
"""

import numpy as np
from numba import njit

LEAF = -1
ALIKE = np.float32(1e-7)  # values no further apart are not cut between
SHORT = 24  # so few keys are sorted by insertion
ROWS_AT_ONCE = 16  # rows that walk a tree while it is in the cache
CLOSE = 1e-6  # votes nearer to each other are counted again, in order

# A row's key: its rank from bit 32 on, then its class, then how often it was drawn.
RANK, CLASS, MASK = 32, 16, 0xFFFF


# --- Drawing --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def count_draws(uniform: np.ndarray, bounds: np.ndarray, guide: np.ndarray) -> np.ndarray:
    """Return how often each row (n,) is drawn by numbers (n,) from 0 to 1.

    Row i is drawn by a number from `bounds[i - 1]` to below `bounds[i]`; `guide[j]` is
    the row of j / n, where the search starts.
    """
    count = len(bounds)
    draws = np.zeros(count, np.int64)
    for number in uniform:
        row = guide[int(number * count)]
        while row > 0 and bounds[row - 1] > number:
            row -= 1
        while bounds[row] <= number:
            row += 1
        draws[row] += 1
    return draws


@njit(nogil=True, cache=True)
def next_random(state: int) -> int:
    """Return the next state (32 bits) of a xorshift generator."""
    if state == 0:
        state = 1
    state ^= (state << 13) & 0xFFFFFFFF
    state ^= state >> 17
    state ^= (state << 5) & 0xFFFFFFFF
    return state


# --- Growing --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def sort_keys(
    keys: np.ndarray, spare: np.ndarray, starts: np.ndarray, count: int, shift: int
) -> None:
    """Sort `count` keys by their rank from `spare` into `keys`.

    `starts` tells how many keys have each value of rank >> shift, and is overwritten.
    Few share a value, so that they are soon put in order by insertion.
    """
    total = 0
    for value in range(len(starts)):
        size = starts[value]
        starts[value] = total
        total += size
    for i in range(count):
        key = spare[i]
        value = key >> (RANK + shift)
        keys[starts[value]] = key
        starts[value] += 1
    if shift > 1:
        insert_keys(keys, count)


@njit(nogil=True, cache=True)
def insert_keys(keys: np.ndarray, count: int) -> None:
    """Sort `count` keys by rank; soon done where few are far from their place."""
    for i in range(1, count):
        key = keys[i]
        if keys[i - 1] >> RANK > key >> RANK:
            j = i
            while j > 0 and keys[j - 1] >> RANK > key >> RANK:
                keys[j] = keys[j - 1]
                j -= 1
            keys[j] = key


@njit(nogil=True, cache=True)
def alike(values: np.ndarray, below: int, above: int) -> bool:
    """Return whether the values of two ranks are too near to be told apart."""
    return values[above >> 1] <= values[below >> 1] + ALIKE


@njit(nogil=True, cache=True, error_model="numpy")
def best_cut(
    keys: np.ndarray,
    count: int,
    values: np.ndarray,
    totals: np.ndarray,
    left: np.ndarray,
    weight: float,
    squares: float,
    best: float,
) -> tuple[float, int, int, float, float, float]:
    """Return the best cut of sorted keys, if better than `best`.

    It is given as its goodness, the ranks below and above, the left side's weight and
    both sides' Gini impurities; without one the ranks are -1. `totals` are the classes'
    weights (c,), given with their sum and that of their squares; `left` is room for as
    many, `values` are the feature's by rank.
    """
    left[:] = 0.0
    left_weight, left_squares, right_squares = 0.0, 0.0, squares
    enough = best + weight - 1e-9 * weight
    found = best, -1, -1, 0.0, 0.0, 0.0
    rank = keys[0] >> RANK
    for i in range(count):
        key = keys[i]
        if key >> RANK != rank:
            below, rank = rank, key >> RANK
            right_weight = weight - left_weight
            # A bound without division spares most cuts the rest.
            reach = left_squares * right_weight + right_squares * left_weight
            if reach > enough * left_weight * right_weight and not (
                rank & 1 and alike(values, below, rank)
            ):
                left_gini = 1.0 - left_squares / (left_weight * left_weight)
                right_gini = 1.0 - right_squares / (right_weight * right_weight)
                goodness = -right_weight * right_gini - left_weight * left_gini
                if goodness > best:
                    best = goodness
                    enough = best + weight - 1e-9 * weight
                    found = best, below, rank, left_weight, left_gini, right_gini
        own = (key >> CLASS) & MASK
        drawn = float(key & MASK)
        before = left[own]
        left_squares += drawn * (2 * before + drawn)
        right_squares += drawn * (drawn - 2 * (totals[own] - before))
        left[own] = before + drawn
        left_weight += drawn
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def grow_tree(
    ranks: np.ndarray,
    values: np.ndarray,
    distinct: np.ndarray,
    classes: np.ndarray,
    draws: np.ndarray,
    class_count: int,
    tried: int,
    state: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return one tree: features, thresholds, nexts, shares of mixed leaves, importances.

    `ranks` are the rows' (d, n), `values` those that each rank stands for (d, n), of
    which there are `distinct` (d,), `classes` and `draws` the rows' (n,). At each node `tried` features are drawn that
    are not constant. A mixed leaf's `nexts` counts on from `class_count`. Importances
    (d,) are the fall in Gini impurity, summing to 1.
    """
    width = len(ranks)
    rows = np.flatnonzero(draws).astype(np.uint32)
    count = len(rows)
    payload = ((classes << CLASS) | draws).astype(np.uint32)
    keys, spare = np.empty(count, np.int64), np.empty(count, np.int64)
    buckets = np.empty(2 * count + 1, np.int64)
    totals, left = np.empty(class_count), np.empty(class_count)

    features = np.full(2 * count, LEAF, np.int32)
    thresholds = np.zeros(2 * count)
    nexts = np.zeros(2 * count, np.int32)
    shares = np.empty((count, class_count))
    importances = np.zeros(width)

    # Nodes to come: first and last row, constants known, parent of a right child.
    waiting = np.empty((count + 1, 4), np.int64)
    impurities = np.empty(count + 1)
    waiting[0] = 0, count, 0, -1
    impurities[0] = np.inf
    size, nodes, mixed = 1, 0, 0
    order = np.arange(width)  # features in the order that the draws have made
    constants = np.empty(width, np.int64)
    all_weight = float(draws.sum())

    while size:
        size -= 1
        start, end, known, parent = waiting[size]
        node = nodes
        nodes += 1
        if parent >= 0:
            nexts[parent] = node

        totals[:] = 0.0
        for i in range(start, end):
            drawn = np.int64(payload[rows[i]])
            totals[drawn >> CLASS] += float(drawn & MASK)
        weight, squares, purest = 0.0, 0.0, 0
        for own in range(class_count):
            weight += totals[own]
            squares += totals[own] * totals[own]
            if totals[own] > totals[purest]:
                purest = own
        if totals[purest] == weight:
            nexts[node] = purest
            continue
        impurity = impurities[size]
        if node == 0:
            impurity = 1.0 - squares / (weight * weight)

        # Features are drawn without replacement. `order` holds, in this sequence, the
        # known constants (drawn ones first), those found here, the features not yet
        # drawn, and the tested ones.
        best = -np.inf, -1, -1, 0.0, 0.0, 0.0
        chosen = -1
        undrawn, visited, drawn_constants, found = width, 0, 0, 0
        while undrawn > known + found and (
            visited < tried or visited <= found + drawn_constants
        ):
            visited += 1
            state = next_random(state)
            among = undrawn - found - drawn_constants
            place = drawn_constants + (state & 0x7FFFFFFF) % among
            if place < known:
                order[drawn_constants], order[place] = (
                    order[place],
                    order[drawn_constants],
                )
                drawn_constants += 1
                continue
            place += found
            feature = order[place]
            of_row = ranks[feature]
            if end - start <= SHORT:
                for i in range(start, end):
                    row = rows[i]
                    keys[i - start] = (np.int64(of_row[row]) << RANK) | np.int64(payload[row])
                insert_keys(keys, end - start)
            else:
                shift = 0
                while (2 * distinct[feature]) >> shift > 2 * (end - start):
                    shift += 1
                starts = buckets[: ((2 * distinct[feature]) >> shift) + 1]
                starts[:] = 0
                for i in range(start, end):
                    row = rows[i]
                    rank = np.int64(of_row[row])
                    spare[i - start] = (rank << RANK) | np.int64(payload[row])
                    starts[rank >> shift] += 1
                sort_keys(keys, spare, starts, end - start, shift)
            lowest, highest = keys[0] >> RANK, keys[end - start - 1] >> RANK
            if lowest == highest or (
                highest & 1 and alike(values[feature], lowest, highest)
            ):
                order[place], order[known + found] = order[known + found], feature
                found += 1
                continue
            undrawn -= 1
            order[undrawn], order[place] = feature, order[undrawn]
            cut = best_cut(
                *(keys, end - start, values[feature]),
                *(totals, left, weight, squares, best[0]),
            )
            if cut[1] >= 0:
                best, chosen = cut, feature
        order[:known] = constants[:known]
        constants[known : known + found] = order[known : known + found]

        _, below, above, left_weight, left_gini, right_gini = best
        right_weight = weight - left_weight
        gain = (weight / all_weight) * (
            impurity
            - (right_weight / weight * right_gini)
            - (left_weight / weight * left_gini)
        )
        if chosen < 0 or gain + np.finfo(np.float64).eps < 0:
            shares[mixed] = totals / weight
            nexts[node] = class_count + mixed
            mixed += 1
            continue
        features[node] = chosen
        low, high = values[chosen, below >> 1], values[chosen, above >> 1]
        thresholds[node] = low / 2.0 + high / 2.0
        importances[chosen] += (
            weight * impurity - left_weight * left_gini - right_weight * right_gini
        )
        middle, last = start, end
        while middle < last:
            if ranks[chosen, rows[middle]] <= below:
                middle += 1
            else:
                last -= 1
                rows[middle], rows[last] = rows[last], rows[middle]
        waiting[size] = middle, end, known + found, node
        impurities[size] = right_gini
        waiting[size + 1] = start, middle, known + found, -1
        impurities[size + 1] = left_gini
        size += 2

    return (
        features[:nodes].copy(),
        thresholds[:nodes].copy(),
        nexts[:nodes].copy(),
        shares[:mixed].copy(),
        importances / all_weight,
    )


# --- Walking --------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def leaf_of(
    values: np.ndarray,
    node: int,
    features: np.ndarray,
    thresholds: np.ndarray,
    nexts: np.ndarray,
) -> int:
    """Return the row of shares where (d,) values end that set out from a node."""
    while features[node] >= 0:
        if values[features[node]] <= thresholds[node]:
            node += 1
        else:
            node = nexts[node]
    return nexts[node]


@njit(nogil=True, cache=True)
def add_votes(
    first: int,
    last: int,
    values: np.ndarray,
    roots: np.ndarray,
    features: np.ndarray,
    thresholds: np.ndarray,
    nexts: np.ndarray,
    shares: np.ndarray,
    votes: np.ndarray,
) -> None:
    """Add to the votes (n, c) of rows `first` to `last` all trees' shares, in order."""
    for start in range(first, last, ROWS_AT_ONCE):
        for root in roots:
            for row in range(start, min(start + ROWS_AT_ONCE, last)):
                leaf = leaf_of(values[row], root, features, thresholds, nexts)
                for own in range(shares.shape[1]):
                    votes[row, own] += shares[leaf, own]


@njit(nogil=True, cache=True, error_model="numpy")
def predict_shuffled(
    first: int,
    last: int,
    values: np.ndarray,
    orders: np.ndarray,
    votes: np.ndarray,
    roots: np.ndarray,
    features: np.ndarray,
    thresholds: np.ndarray,
    nexts: np.ndarray,
    shares: np.ndarray,
    predicted: np.ndarray,
) -> None:
    """Predict rows `first` to `last` with each feature shuffled in turn.

    Fills `predicted` (d, repeats, n) with indices of classes. In repeat r row i has the
    value of row `orders[r, i]`; `votes` (n, c) are those for the `values` (n, d) as they
    are. Only where a tree on its way tests the feature, and the row then turns off, is
    the tree walked again. Sums of shares depend on their order in the last digits, so
    votes that lie close together are counted anew in the order of the trees.
    """
    width, repeats, class_count = values.shape[1], len(orders), shares.shape[1]
    slots = width * repeats
    exact = len(shares) == class_count  # then votes are whole numbers
    changes = np.empty((ROWS_AT_ONCE, slots, class_count))
    shuffled = np.empty((ROWS_AT_ONCE, slots), np.float32)
    turned = np.empty(slots, np.int64)  # in which walk this slot last turned off
    turns = np.empty((slots, 2), np.int64)
    moved = np.empty(width, np.float32)
    walk = 0
    turned[:] = 0
    for start in range(first, last, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, last)
        changes[:] = 0.0
        for row in range(start, stop):
            for feature in range(width):
                for repeat in range(repeats):
                    shuffled[row - start, feature * repeats + repeat] = values[
                        orders[repeat, row], feature
                    ]
        for root in roots:
            for row in range(start, stop):
                here = row - start
                walk += 1
                count = 0
                moved[:] = values[row]
                node = root
                while features[node] >= 0:
                    feature, threshold = features[node], thresholds[node]
                    is_left = moved[feature] <= threshold
                    onward, aside = node + 1, np.int64(nexts[node])
                    if not is_left:
                        onward, aside = aside, onward
                    for repeat in range(repeats):
                        slot = feature * repeats + repeat
                        other = shuffled[here, slot]
                        if (other <= threshold) == is_left or turned[slot] == walk:
                            continue
                        turned[slot] = walk
                        own, moved[feature] = moved[feature], other
                        turns[count, 0] = slot
                        turns[count, 1] = leaf_of(
                            moved, aside, features, thresholds, nexts
                        )
                        moved[feature] = own
                        count += 1
                    node = onward
                leaf = nexts[node]
                for turn in range(count):
                    slot, other_leaf = turns[turn]
                    if other_leaf == leaf:
                        continue
                    if max(leaf, other_leaf) < class_count:
                        changes[here, slot, leaf] -= 1.0
                        changes[here, slot, other_leaf] += 1.0
                    else:
                        for own_class in range(class_count):
                            changes[here, slot, own_class] += (
                                shares[other_leaf, own_class] - shares[leaf, own_class]
                            )
        for row in range(start, stop):
            moved[:] = values[row]
            for slot in range(slots):
                total = changes[row - start, slot]
                best, second = -1.0, -1.0
                winner = 0
                for own_class in range(class_count):
                    total[own_class] += votes[row, own_class]
                    if total[own_class] > best:
                        best, second, winner = total[own_class], best, own_class
                    elif total[own_class] > second:
                        second = total[own_class]
                feature, repeat = slot // repeats, slot % repeats
                if not exact and best - second < CLOSE:
                    total[:] = 0.0
                    own, moved[feature] = moved[feature], shuffled[row - start, slot]
                    for root in roots:
                        leaf = leaf_of(moved, root, features, thresholds, nexts)
                        for own_class in range(class_count):
                            total[own_class] += shares[leaf, own_class]
                    moved[feature] = own
                    winner = np.argmax(total / len(roots))
                predicted[feature, repeat, row] = winner
