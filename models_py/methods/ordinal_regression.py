"""Ordinal baseline: a straight line through the classes' numbers, rounded.

Ordered classes such as deciles need no forest to be predicted well. Ridge regression of
the class number on standardised features, whose penalty leave-one-out chooses, is the
plain thing that a forest has to beat.

Source: A. E. Hoerl and R. W. Kennard (1970), Ridge regression, Technometrics 12, 55-67;
scikit-learn, RidgeCV.
"""

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PENALTIES = np.logspace(-2, 4, 7)


def predict_ordinal(
    features: np.ndarray, classes: np.ndarray, tested: np.ndarray
) -> np.ndarray:
    """Return classes (m,) for (m, d) rows, learned from (n, d) and (n,) classes.

    The number is rounded, and kept between the smallest and the largest class, unless
    what is learned is no whole numbers.
    """
    line = make_pipeline(StandardScaler(), RidgeCV(PENALTIES)).fit(features, classes)
    if not np.issubdtype(classes.dtype, np.integer):
        return line.predict(tested)
    numbers = np.rint(line.predict(tested)).astype(np.int64)
    return numbers.clip(classes.min(), classes.max())
