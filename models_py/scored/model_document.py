"""The model that areas are scored by, as its file holds it."""

from pathlib import Path

import pyarrow as pa

from models_py.readers.model import read_model

TEXT, NUMBER, WHOLE = pa.string(), pa.float64(), pa.int32()
SCHEMA = pa.schema(
    {
        "variables": pa.list_(
            pa.struct(
                {
                    "variable": TEXT,
                    "name": TEXT,
                    "domain": TEXT,
                    "transform": TEXT,
                    "minimum": NUMBER,
                    "maximum": NUMBER,
                    "weight": NUMBER,
                }
            )
        ),
        "classes": pa.list_(
            pa.struct(
                {
                    "level": WHOLE,
                    "level_name": TEXT,
                    "class": TEXT,
                    "parent": TEXT,
                    "name": TEXT,
                    "areas": pa.int64(),
                    "centroid": pa.list_(NUMBER),
                }
            )
        ),
        "calibration": pa.list_(
            pa.struct({"level": WHOLE, "margin": NUMBER, "probability": NUMBER})
        ),
    }
)


def model_document(model_file: Path) -> pa.Table:
    """One row: the model, with its lists of variables, classes and calibration."""
    return pa.Table.from_pylist([read_model(model_file)], SCHEMA)
