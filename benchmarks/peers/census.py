"""The census workshop's flow as a script: what an analyst would run without placetypes.

Written afresh with the workshop's libraries and settings: percentages rounded, arcsinh,
min-max scaling; clustergram for k 1 to 9 with 100 restarts; KMeans with k = 5, random
initialisation and 1,000 restarts; a clustergram with 50 restarts and a KMeans within
each cluster; UMAP with 30 neighbours, cosine distance and 500 epochs; index scores; a
GeoPackage, a static map and a map to click on.

    python census.py INPUT_FOLDER OUTPUT_FOLDER DISTRICT…
"""

import sys
import time
from pathlib import Path

start = time.perf_counter()
import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import umap
from clustergram import Clustergram
from sklearn.cluster import KMeans
from sklearn.preprocessing import MinMaxScaler
from stages import Stages

mpl.use("Agg")
import matplotlib.pyplot as plt

CLUSTERS, SUBGROUPS = 5, [3, 3, 4, 3, 3]


def main(source: Path, output: Path, districts: list[str]) -> None:
    """Run the flow."""
    stages = Stages()
    stages.seconds["imports"] = time.perf_counter() - start
    with stages.stage("data"):
        areas, percentages = read_region(source, districts)
        scaled = MinMaxScaler().fit_transform(np.arcsinh(percentages.round(2)))
    with stages.stage("clustergram"):
        graph = draw_clustergram(scaled, 100, output / "clustergram.png")
    with stages.stage("k-means"):
        model = KMeans(CLUSTERS, init="random", n_init=1000, random_state=507)
        labels = model.fit_predict(scaled)
    with stages.stage("sub-clustergrams"):
        for cluster in range(CLUSTERS):
            members = scaled[labels == cluster]
            draw_clustergram(members, 50, output / f"clustergram_{cluster}.png")
    subgroups = np.empty(len(labels), dtype=object)
    with stages.stage("subgroups"):
        for cluster, count in enumerate(SUBGROUPS):
            members = labels == cluster
            sub = KMeans(count, init="random", n_init=1000, random_state=507)
            own = sub.fit_predict(scaled[members])
            subgroups[members] = [f"{cluster}{number}" for number in own]
    with stages.stage("UMAP"):
        places = umap.UMAP(
            n_neighbors=30,
            min_dist=0.0,
            metric="cosine",
            init="random",
            n_epochs=500,
            random_state=508,
        ).fit_transform(scaled)
    with stages.stage("profiles"):
        by_cluster = percentages.groupby(labels).mean() / percentages.mean() * 100
        by_cluster.to_csv(output / "index_scores.csv")
    with stages.stage("exports"):
        frame = gpd.GeoDataFrame({"OA": percentages.index, "cluster": labels})
        frame["subgroup"] = subgroups
        frame["umap_x"], frame["umap_y"] = places.T
        frame = areas.merge(frame, on="OA")
        frame.to_file(output / "classification.gpkg")
    with stages.stage("maps"):
        frame.plot("cluster", categorical=True).figure.savefig(output / "map.png")
        frame.explore("cluster", categorical=True).save(output / "map.html")
    facts = {"inertia": float(model.inertia_)}
    for k in range(2, 10):
        facts[f"inertia k{k}"] = inertia(scaled, graph.labels_[k].to_numpy())
    stages.write(output, facts, values=scaled, places=places)


def read_region(
    source: Path, districts: list[str]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the areas that touch the districts, with boundaries and percentages."""
    percentages = pd.read_parquet(source / "uk_census_data.parquet")
    areas = gpd.read_file(source / "OA_2021_22_Boundaries.gpkg")
    authorities = gpd.read_file(next(source.glob("Local_Authority_Districts*.gpkg")))
    chosen = authorities[authorities["LAD22CD"].isin(districts)].to_crs(areas.crs)
    inside = areas.sjoin(chosen[["LAD22CD", "geometry"]], predicate="intersects")
    areas = areas[areas["OA"].isin(inside["OA"])]
    percentages = percentages[percentages.index.isin(areas["OA"])].sort_index()
    return areas, percentages


def inertia(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the sum of squared distances to the clusters' means."""
    frame = pd.DataFrame(values)
    return float(((frame - frame.groupby(labels).transform("mean")) ** 2).sum().sum())


def draw_clustergram(values: np.ndarray, restarts: int, path: Path) -> Clustergram:
    """Fit k 1 to 9 and draw them, with the quality scores that it offers."""
    graph = Clustergram(
        range(1, 10), n_init=restarts, init="random", random_state=507, verbose=False
    )
    graph.fit(pd.DataFrame(values))
    graph.silhouette_score()
    graph.calinski_harabasz_score()
    graph.davies_bouldin_score()
    graph.plot().figure.savefig(path)
    plt.close("all")
    return graph


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
