"""No SQL of ours comes near what makes the spatial extension end the process.

A GeoPackage read by ST_Read with a constant bounding-box filter, ST_Read of a layer
that isn't there and ST_Read_Meta of a bad file end the process without an exception. So
a process of its own reads a user's geometry (placetypes/inputs/geometry_reader.py), and
SQL reads the GeoParquet that it writes.
"""

import pytest

from placetypes.runner.project import load_project

MODELS = [model for model in load_project().models.values() if model.is_sql]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)
def test_no_model_reads_a_geometry_file_by_itself(model):
    assert "st_read" not in model.code.lower()
