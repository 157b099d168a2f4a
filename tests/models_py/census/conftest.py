"""Supergroups of the planted areas, as the steps of the census job take them."""

import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture(scope="session")
def planted_supergroups(cluster_inputs: pa.Table, planted: np.ndarray) -> pa.Table:
    """Give the planted groups as the table of supergroups."""
    return pa.table({"area": cluster_inputs["area"], "supergroup": planted.tolist()})
