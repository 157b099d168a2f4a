"""The embeddings lab's flow as a script: what a student would run without placetypes.

Written afresh with the lab's libraries and settings: KMeans with k = 7; the five areas
nearest each cluster's mean; forests of 500 trees for a feature set of four predictors,
of 64 embedding dimensions and of both, each with the impurity importances; maps.

    python embeddings.py INPUT_FOLDER OUTPUT_FOLDER
"""

import sys
import time
from pathlib import Path

start = time.perf_counter()
import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from stages import Stages

mpl.use("Agg")
import matplotlib.pyplot as plt

PREDICTORS = [
    "Percent no qualifications 16 and over",
    "Percent bad and very band health",
    "Population density per km",
    "Percent lone family household",
]
TARGET = "IMD_decile"


def main(source: Path, output: Path) -> None:
    """Run the flow."""
    stages = Stages()
    stages.seconds["imports"] = time.perf_counter() - start
    with stages.stage("data"):
        areas = gpd.read_file(source / "uk_lsoa_london_embeds_2024.geojson")
        dimensions = [f"A{number:02}_mean" for number in range(64)]
        joined = areas.merge(pd.read_csv(source / "Socioeconomic.csv"), on="LSOA21CD")
        joined = joined.dropna(subset=[TARGET, *PREDICTORS])
    with stages.stage("k-means"):
        values = areas[dimensions].to_numpy()
        model = KMeans(7, init="random", n_init=1000, random_state=42).fit(values)
        areas["cluster"] = model.labels_
        nearest = cdist(model.cluster_centers_, values).argsort(axis=1)[:, :5]
        areas.iloc[nearest.ravel()].to_csv(output / "representative.csv")
    scores = {}
    with stages.stage("forests"):
        sets = {"socioeconomic": PREDICTORS, "embeddings": dimensions}
        for name, columns in (sets | {"both": PREDICTORS + dimensions}).items():
            forest = RandomForestClassifier(
                500, class_weight="balanced", random_state=42, n_jobs=-1
            )
            train, test = train_test_split(
                joined, test_size=0.2, stratify=joined[TARGET], random_state=42
            )
            forest.fit(train[columns], train[TARGET])
            predicted = forest.predict(test[columns])
            scores[name] = float(accuracy_score(test[TARGET], predicted))
            joined[f"predicted_{name}"] = forest.predict(joined[columns])
    with stages.stage("maps"):
        for column in ("cluster", *PREDICTORS, TARGET):
            frame = areas if column == "cluster" else joined
            frame.plot(column, legend=True).figure.savefig(output / f"{column[:9]}.png")
            plt.close("all")
        areas[["cluster", "geometry"]].explore("cluster").save(output / "map.html")
    facts = {"inertia": float(model.inertia_), "accuracy": scores}
    stages.write(output, facts, values=values, places=np.empty((0, 2)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
