"""What changed for each area since the result that was published before."""

import pyarrow as pa


def supergroup_changes(
    supergroups: pa.Table, former_supergroups: pa.Table | None
) -> pa.Table:
    """One row: one area that is in another supergroup than in the result before."""
    columns = ["area", "former_supergroup", "new_supergroup"]
    former = {}
    if former_supergroups is not None:
        former = dict(pairs(former_supergroups))

    changes = [
        {"area": area, "former_supergroup": former[area], "new_supergroup": now}
        for area, now in pairs(supergroups)
        if former.get(area, now) != now
    ]

    return pa.Table.from_pylist(
        changes, schema=pa.schema([(name, pa.string()) for name in columns])
    )


def pairs(supergroups: pa.Table) -> list[tuple[str, str]]:
    """Return each area with its supergroup."""
    columns = [supergroups[name].to_pylist() for name in ("area", "supergroup")]
    return list(zip(*columns, strict=True))
