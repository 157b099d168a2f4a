"""The embeddings job on a made-up country of 46,844 areas, without its forests.

    python benchmarks/national_embeddings.py DATA FOLDER

DATA is the folder of real data, with embeddings/ (London) and us_counties/. The areas
are made into FOLDER/input, as the national small-area product comes, and run into
FOLDER/output; seconds, processor time and peak are printed, and how far the clusters
are those that the areas were made of. Nothing is made again that is already there.

An area is one of seven real rows that lie far apart, moved a little in the direction of
another real row, and by noise: so the clusters are known, and are no spheres.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.bench import measure  # noqa: E402 - found by the path above
from placetypes.database import connect  # noqa: E402
from placetypes.runner.project import load_project  # noqa: E402

AREAS, CLUSTERS, SIDE = 46_844, 7, 300  # areas are squares of 300 m
AREAS_FILE, TABLE = "AEF_2024.gpkg", "Socioeconomic.csv"
MOVED, NOISE = 0.25, 0.01  # of the way from the mean to a real row; and at random
PREDICTORS = [
    "Percent no qualifications 16 and over",
    "Percent bad and very band health",
    "Population density per km",
    "Percent lone family household",
]
SETTINGS = [f"areas_file={AREAS_FILE}", "embeddings.id_column=data_zone_code"]
SETTINGS += ["name_column=", "socioeconomic_id_column=LSOA21CD"]


def real_rows(data: Path) -> np.ndarray:
    """Return the embeddings of London's areas and of the US counties: (n, 64)."""
    files = [*(data / "embeddings").glob("*.geojson")]
    files += [*(data / "us_counties").glob("*.gpkg")]
    names = [f"A{number:02}_mean" for number in range(64)]
    frames = [pyogrio.read_dataframe(file, read_geometry=False) for file in files]
    return np.vstack([frame[names].dropna().to_numpy() for frame in frames])


def far_apart(rows: np.ndarray, count: int) -> np.ndarray:
    """Return rows of which each is the farthest from those before it: (count, d)."""
    chosen = [0]
    for _ in range(count):
        apart = [((rows - rows[place]) ** 2).sum(axis=1) for place in chosen]
        chosen.append(int(np.min(apart, axis=0).argmax()))
    return rows[chosen[1:]]


def make_country(data: Path, folder: Path) -> None:
    """Write the areas and the table of their target and predictors."""
    random = np.random.default_rng(23)
    rows = real_rows(data)
    cluster = random.integers(0, CLUSTERS, AREAS)
    values = far_apart(rows, CLUSTERS)[cluster]
    values += MOVED * (rows[random.integers(0, len(rows), AREAS)] - rows.mean(axis=0))
    values += random.normal(0, NOISE, values.shape)
    codes = [f"E01{number:06}" for number in range(AREAS)]
    across, up = np.divmod(np.arange(AREAS), int(np.ceil(AREAS**0.5)))
    squares = shapely.box(
        across * SIDE, up * SIDE, (across + 1) * SIDE, (up + 1) * SIDE
    )
    folder.mkdir(parents=True, exist_ok=True)
    pyogrio.raw.write(
        folder / AREAS_FILE,
        shapely.to_wkb(squares),
        [np.array(codes, object), *values.T.copy()],
        ["data_zone_code", *(f"band{number}_mean" for number in range(1, 65))],
        layer="2024_output",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:27700",
    )
    table = {"LSOA21CD": codes, "IMD_decile": random.integers(1, 11, AREAS)}
    table |= {name: random.uniform(0, 50, AREAS) for name in PREDICTORS}
    pd.DataFrame(table).to_csv(folder / TABLE, index=False)
    known = pd.DataFrame({"area": codes, "known": cluster})
    known.to_parquet(folder / "known.parquet")


def tables_without_forests() -> list[str]:
    """Return the job's tables that no forest is needed for."""
    project = load_project()
    models = project.models
    after = {"embeddings.forests"}
    for _ in models:
        after |= {name for name, model in models.items() if after & set(model.upstream)}
    return sorted(
        name
        for name in models
        if name.startswith("embeddings.")
        and name not in after
        and not project.is_optional(name)
    )


def agreement(folder: Path) -> str:
    """Say how far the clusters found are those that the areas were made of."""
    from sklearn.metrics import adjusted_rand_score

    with connect() as connection:
        connection.execute(
            f"attach '{folder}/output/placetypes.duckdb' as made (read_only)"
        )
        both = connection.sql(
            "select cluster, known from made.embeddings.clusters "
            f"inner join '{folder}/input/known.parquet' using (area)"
        ).df()
    score = adjusted_rand_score(both["known"], both["cluster"])
    return f"adjusted Rand index with the known clusters: {score:.4f}"


def main() -> None:
    """Make the country where it isn't there, run the job and print what it took."""
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    if not (folder / "input" / AREAS_FILE).exists():
        make_country(data, folder / "input")
    command = ["pipeline.py", "run", *tables_without_forests(), "--fresh"]
    command += ["--input", str(folder / "input"), "--output", str(folder / "output")]
    command += [part for setting in SETTINGS for part in ("--set", setting)]
    seconds, cpu, megabytes = measure(command, ROOT, {})
    print(f"{seconds:.1f} s, {cpu:.1f} s of processor time, {megabytes:,.0f} MB")
    print(agreement(folder))


if __name__ == "__main__":
    main()
