"""Principal components of the variables, as they are scaled and weighted to cluster."""

import pyarrow as pa

from models_py.methods.pca import principal_components
from models_py.tables import weighted_variables


def pca_loadings(scaled_variables: pa.Table, variable_weighting: pa.Table) -> pa.Table:
    """One row: one principal component and one variable with its loading."""
    _, variables, values = weighted_variables(scaled_variables, variable_weighting)

    components = principal_components(values)

    return pa.Table.from_pylist(
        [
            {
                "component": number,
                "variable": variable,
                "eigenvalue": float(eigenvalue),
                "loading": float(entry * eigenvalue**0.5),
            }
            for number, (eigenvalue, vector) in enumerate(
                zip(components.eigenvalues, components.vectors, strict=True), start=1
            )
            for variable, entry in zip(variables, vector, strict=True)
        ]
    )
