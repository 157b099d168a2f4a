"""Write a small synthetic city region, in the file formats that the two jobs take.

Nothing in it is real. Its areas lie in the Irish Sea, its codes begin with DEMO and
its places with "Synthetic". Seven neighbourhood types are planted in space; every
area draws its counts from the shares of its type, mixed with those of the
type next in line, so the types overlap as real ones do. `demo_planted_types.csv`
keeps the answer.

    python data/demo.py [FOLDER]
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SEED = 20211
MARKER = ".demo_version"
FILES = (
    "uk_census_data.parquet",
    "census_variable_lookup.csv",
    "oa_pop_data.csv",
    "OA_2021_22_Boundaries.gpkg",
    "Local_Authority_Districts_Demo_synthetic.gpkg",
    "demo_planted_types.csv",
    "uk_lsoa_london_embeds_2024.geojson",
    "Socioeconomic.csv",
)
# Whatever can change a byte of the files, besides this source.
LIBRARIES = ("numpy", "shapely", "pandas", "geopandas", "pyarrow", "pyogrio", "pyproj")
# GeoPackage stores the time of writing; a fixed one keeps the bytes the same.
WRITTEN_AT = "2024-01-01T00:00:00.000Z"

EMBEDDING_SIZE = 64
AREAS_PER_ZONE = 4
ZONES_PER_NEIGHBOURHOOD = 5
FACTORS = 8


class District(NamedTuple):
    """A district: its centre and radius in metres (EPSG:27700), areas to sow."""

    code: str
    name: str
    x: float
    y: float
    radius: float
    areas: int


DISTRICTS = (
    District("DEMOLAD1", "Synthetic Northport", 272_000, 433_000, 7_500, 1_020),
    District("DEMOLAD2", "Synthetic Millhaven", 283_500, 428_500, 6_200, 650),
    District("DEMOLAD3", "Synthetic Eastfold", 277_500, 419_500, 5_600, 500),
    District("DEMOLAD4", "Synthetic Westmarsh", 263_500, 422_500, 5_200, 330),
)


class PlantedType(NamedTuple):
    """A neighbourhood type and where it likes to be.

    `ring` and `width` are distances from the district's centre as shares of its
    radius, `favour` lifts the type above the others, `patchiness` lets smooth noise
    scatter it in patches.
    """

    name: str
    ring: float
    width: float
    favour: float
    patchiness: float


TYPES = (
    PlantedType("city centre", 0.00, 0.16, 0.9, 0.15),
    PlantedType("inner terraces", 0.26, 0.26, 0.6, 0.45),
    PlantedType("student quarter", 0.00, 0.16, 0.0, 0.10),
    PlantedType("outer estates", 0.52, 0.30, 0.2, 0.60),
    PlantedType("semi-detached suburbs", 0.55, 0.34, 0.5, 0.35),
    PlantedType("prosperous edge", 0.78, 0.24, 0.1, 0.60),
    PlantedType("rural fringe", 1.05, 0.26, 0.5, 0.15),
)
STUDENTS = [planted.name for planted in TYPES].index("student quarter")
# The two campuses: metres, and how far students live from them.
CAMPUSES = ((273_300, 434_400, 1_600), (284_500, 427_500, 1_050))


class Question(NamedTuple):
    """A question of the count.

    `asked` says who answers: residents or households. `spread` is the standard
    deviation, between areas of one type, of the answers' log shares. `shares` maps an
    answer's code to its percentage in each of the seven types.
    """

    asked: str
    spread: float
    shares: dict[str, list[float]]


LOOKUP = """\
v01,Usual residents per square kilometre,Demographic
v02,Age: 4 years and under,Demographic
v03,Age: 5 to 14 years,Demographic
v04,Age: 25 to 44 years,Demographic
v05,Age: 45 to 64 years,Demographic
v06,Age: 65 to 84 years,Demographic
v07,Age: 85 years and over,Demographic
v08,Country of birth: Europe: United Kingdom,Ethnicity and Origins
v09,Country of birth: Europe: EU countries,Ethnicity and Origins
v17,Ethnic group: Black,Ethnicity and Origins
v19,Ethnic group: White,Ethnicity and Origins
v20,Cannot speak English well or at all,Ethnicity and Origins
v21,No religion,Ethnicity and Origins
v22,Christian,Ethnicity and Origins
v23,Other religion,Ethnicity and Origins
v24,Never married and never registered a civil partnership,Living Arrangements
v25,Married or in a registered civil partnership,Living Arrangements
v27,One-person household,Living Arrangements
v29,Single-family household: With dependent children,Living Arrangements
v31,Lives in a communal establishment,Usual Residence
v32,Address 1 year ago is the same as the address of enumeration,Usual Residence
v33,Detached house or bungalow,Usual Residence
v34,Semi-detached house or bungalow,Usual Residence
v35,Terraced (including end-terrace) house or bungalow,Usual Residence
v36,Flat maisonette or apartment,Usual Residence
v37,Ownership or shared ownership,Usual Residence
v38,Social rented,Usual Residence
v39,Private rented,Usual Residence
v40,Occupancy rating of rooms: +1 or more,Usual Residence
v41,Occupancy rating of rooms: -1 or less,Usual Residence
v42,Disabled under the Equality Act,Other
v43,Provides unpaid care,Other
v44,2 or more cars or vans in household,Other
v45,Highest level of qualification: Level 1- 2 or Apprenticeship,Other
v46,Highest level of qualification: Level 3 qualifications,Other
v47,Highest level of qualification: Level 4 qualifications or above,Other
v48,Hours worked: Part-time,Employment
v50,NS-SeC: L15 Full-time students,Employment
v51,SOC: 1. Managers directors and senior officials,Employment
v52,SOC: 2. Professional occupations,Employment
v58,SOC: 8. Process plant and machine operatives,Employment
v59,SOC: 9. Elementary occupations,Employment
v60,Economically active: Unemployed,Employment
v74,Economically inactive: Student,Employment
v75,Caravan or other mobile or temporary structure,Usual Residence
"""
# Listed in the lookup but absent from the data, as in the real files.
ABSENT = ("v40", "v41")
# Percentages per type. Above each question: who answers it, and its spread. Answers
# exclude one another; what they leave of 100 is "another answer".
SHARES = """\
#      centre terrac studen estate suburb   edge  rural
residents 0.30 age
  v02    3.5      7    2.5    7.5    5.5    4.5      4
  v03    4.5     13      5   14.5     12     12   10.5
  v04     55     33     24     27     26     22     19
  v05     15     21      9     23     27     30     33
  v06      6     10      4     13     16     19     25
  v07    0.8    1.2    0.6    1.6    2.3    2.8      3
residents 0.50 country of birth
  v08     68     74     72     90     93     88   96.5
  v09     10      9      7    3.5    2.5      4    1.6
residents 0.60 ethnic group
  v17      6      8      4      4      1      1    0.2
  v19     70     66     72     89     94     86   98.5
residents 0.70 English
  v20    2.5    4.5    1.8    1.3    0.5    0.5    0.1
residents 0.35 religion
  v21     47     30     50     40     36     35     33
  v22     30     34     30     48     54     53     59
  v23     12     29      9      6      3      8    0.6
residents 0.25 marital status
  v24     64     47     82     48     33     26     23
  v25     22     35     10     30     48     58     60
households 0.35 household
  v27     52     33     33     37     27     20     23
  v29      7     25      6     23     26     28     22
residents 2.20 communal
  v31    0.2   0.03      3   0.05   0.04   0.06   0.04
residents 0.45 address
  v32     68     84     42     89     93     93     92
households 0.95 dwelling
  v33      1      2      2      4     13     58     64
  v34      2     12      7     34     62     29     22
  v35      7     70     40     38     15      5     12
  v36   89.5   15.5   50.5   23.5    8.5    7.5    1.5
households 0.75 tenure
  v37     32     50     16     32     79     90     78
  v38     14     15     11     52      9      2      9
  v39     53     34     72     15     11      7     12
residents 0.30 disability
  v42     14     18     13     26     19     15     17
residents 0.30 care
  v43      5      8    4.5     10   10.5    9.5     10
households 0.45 cars
  v44     10     19      9     20     42     58     60
residents 0.35 qualification
  v45     17     27     13     33     34     20     31
  v46     17     15     40     17     17     15     16
  v47     56     30     38     17     28     55     33
residents 0.30 hours
  v48     16     31     45     34     31     28     30
residents 0.45 students
  v50     14      8     52      5    4.5    4.5      4
residents 0.35 occupation
  v51     13      8      6      6     13     20     19
  v52     34     15     22      9     17     35     15
  v58      3     10      3     12      7      2      7
  v59      8     16     22     20     10      6      9
residents 0.45 unemployment
  v60    3.5      5      4    6.5    2.8      2    1.9
"""
# How far an area leans to its second type at most, and a factor on all the spreads:
# set so that k-means finds most of the plan, but not all of it.
SECOND_TYPE = 0.75
VARIATION = 0.9


# --- Is the folder up to date? -------------------------------------------------------


def generator_version() -> str:
    """Return what identifies the files' content: this source and its libraries."""
    source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return "\n".join([source, *(f"{name} {version(name)}" for name in LIBRARIES)])


def is_current(folder: Path) -> bool:
    """Say whether the folder holds every file, as this generator would write it."""
    marker = folder / MARKER
    complete = marker.is_file() and all((folder / name).is_file() for name in FILES)
    return complete and marker.read_text() == generator_version()


def ensure_demo(folder: Path) -> Path:
    """Write the demo files unless the folder has them already; return the folder."""
    if not is_current(folder):
        write_demo(folder)
    return folder


def write_demo(folder: Path) -> None:
    """Write all files, each appearing in the folder only when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    # A sibling is on the same disk, so that moving a file is one step.
    workplace = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_files(workplace)
        # Without a marker the folder counts as unfinished: it goes first, comes last.
        (folder / MARKER).unlink(missing_ok=True)
        (workplace / MARKER).write_text(generator_version())
        for name in (*FILES, MARKER):
            (workplace / name).replace(folder / name)
    finally:
        shutil.rmtree(workplace)


def _write_files(folder: Path) -> None:
    """Generate the region and write its files."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    areas = make_areas(rng)
    counts = make_census(areas, rng)
    zones = make_zones(areas, counts, rng)
    _write_census(folder, areas, counts, _without_census(areas, rng))
    _write_embeddings(folder, zones, make_embeddings(zones, counts, rng))
    _write_socioeconomic(folder, make_socioeconomic(zones, counts, rng), rng)


# --- Geography -----------------------------------------------------------------------


def smooth_noise(
    points: np.ndarray, wavelength: float, rng: np.random.Generator
) -> np.ndarray:
    """Return noise that varies smoothly over points (n, 2), about N(0, 1).

    `wavelength` is in the unit of the points: metres.
    """
    import numpy as np

    waves = 16
    angles = rng.uniform(0, 2 * np.pi, waves)
    lengths = wavelength * rng.uniform(0.6, 1.8, waves)
    phases = rng.uniform(0, 2 * np.pi, waves)
    directions = np.stack([np.cos(angles), np.sin(angles)]) * 2 * np.pi / lengths
    # A cosine has variance 1/2, hence the factor.
    return np.cos(points @ directions + phases).sum(axis=1) / np.sqrt(waves / 2)


def centre_distances(points: np.ndarray) -> np.ndarray:
    """Return each point's distance to each district's centre, in radii (n, 4)."""
    import numpy as np

    centres = np.array([(district.x, district.y) for district in DISTRICTS])
    radii = np.array([district.radius for district in DISTRICTS])
    return np.linalg.norm(points[:, None] - centres, axis=2) / radii


def _sow_points(rng: np.random.Generator) -> np.ndarray:
    """Scatter points (n, 2) in metres, dense at the centres, thin at the edges."""
    import numpy as np

    sown = []
    for district in DISTRICTS:
        angle = rng.uniform(0, 2 * np.pi, district.areas)
        distance = 0.03 + 1.12 * rng.uniform(size=district.areas) ** 1.2
        # Two and three lobes: a place grows along its roads, not in a circle.
        first, second = rng.uniform(0, 2 * np.pi, 2)
        distance *= 1 + 0.12 * np.sin(2 * angle + first)
        distance *= 1 + 0.08 * np.sin(3 * angle + second)
        offset = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        centre = np.array([district.x, district.y])
        sown.append(centre + offset * (distance * district.radius)[:, None])
    return np.concatenate(sown)


def _sea_points(land: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return jittered points (n, 2) off the coast, which bound the cells on land."""
    import numpy as np
    import shapely

    spacing = 500
    low, high = land.min(axis=0) - 4_000, land.max(axis=0) + 4_000
    columns, rows = np.meshgrid(
        np.arange(low[0], high[0], spacing), np.arange(low[1], high[1], spacing)
    )
    grid = np.stack([columns.ravel(), rows.ravel()], axis=1)
    grid = grid + rng.uniform(-0.4, 0.4, grid.shape) * spacing
    # The coast keeps its distance from the outermost areas, in bays and headlands.
    reach = np.maximum(800 + 250 * smooth_noise(grid, 5_000, rng), 400)
    # Inland, a wide gap between points is a large area and not a lake; so it
    # is where two districts meet.
    nearest, second, *_ = np.sort(centre_distances(grid), axis=1).T
    reach[(nearest < 1) | (second < 1.3)] = 3_000
    tree = shapely.STRtree(shapely.points(land))
    _, gaps = tree.query_nearest(
        shapely.points(grid), return_distance=True, all_matches=False
    )
    return grid[gaps > reach]


def _cells(land: np.ndarray, sea: np.ndarray) -> np.ndarray:
    """Return the Voronoi polygons of the land points, corners on a 0.1 m grid.

    Rounding the corners is what makes neighbours' edges equal to the last digit.
    """
    import numpy as np
    import shapely

    everything = shapely.multipoints(np.concatenate([land, sea]))
    cells = shapely.voronoi_polygons(everything, ordered=True)
    cells = shapely.get_parts(cells)[: len(land)]
    rounded = shapely.transform(cells, lambda corners: np.round(corners, 1))
    return shapely.normalize(shapely.remove_repeated_points(rounded))


def _tessellate(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the areas' polygons and points (n, 2)."""
    import numpy as np
    import shapely

    points = _sow_points(rng)
    sea = _sea_points(points, rng)
    # Half a step to the cells' centroids evens out slivers, but not all variety.
    centroids = shapely.centroid(_cells(points, sea))
    points = (points + shapely.get_coordinates(centroids)) / 2
    cells = _cells(points, sea)
    order = _hilbert_order(points)
    return cells[order], np.round(points[order], 1)


def _hilbert_order(points: np.ndarray) -> np.ndarray:
    """Return an order (n,) of the points in which neighbours follow one another."""
    import geopandas
    import numpy as np

    places = geopandas.GeoSeries.from_xy(points[:, 0], points[:, 1])
    return np.argsort(places.hilbert_distance().to_numpy(), kind="stable")


def _district_of(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return each point's district (n,) by nearest centre, along wavy borders."""
    import numpy as np

    distances = centre_distances(points)
    for column in range(len(DISTRICTS)):
        distances[:, column] += 0.07 * smooth_noise(points, 4_000, rng)
    return np.argmin(distances, axis=1)


def neighbours_of(polygons: np.ndarray) -> list[set[int]]:
    """Return, for each polygon, the positions of those it shares an edge with."""
    import shapely

    neighbours: list[set[int]] = [set() for _ in polygons]
    left, right = shapely.STRtree(polygons).query(polygons, predicate="touches")
    shared = shapely.length(shapely.intersection(polygons[left], polygons[right]))
    for one, other in zip(left[shared > 0], right[shared > 0], strict=True):
        neighbours[one].add(int(other))
    return neighbours


def group_neighbours(
    polygons: np.ndarray, districts: np.ndarray, size: int
) -> np.ndarray:
    """Return a group number (n,) that joins about `size` neighbours of a district."""
    import numpy as np

    neighbours = neighbours_of(polygons)
    group = np.full(len(polygons), -1)
    members: dict[int, list[int]] = {}
    for start in range(len(polygons)):
        if group[start] >= 0:
            continue
        joined = [start]
        while len(joined) < size:
            around = set().union(*(neighbours[one] for one in joined)) - set(joined)
            free = [
                one
                for one in around
                if group[one] < 0 and districts[one] == districts[start]
            ]
            if not free:
                break
            # Most edges in common first: compact groups leave few gaps.
            joined.append(
                min(free, key=lambda one: (-len(neighbours[one] & set(joined)), one))
            )
        group[joined] = start
        members[start] = joined
    _join_leftovers(group, members, neighbours, districts, size)
    return np.unique(group, return_inverse=True)[1]


def _join_leftovers(
    group: np.ndarray,
    members: dict[int, list[int]],
    neighbours: list[set[int]],
    districts: np.ndarray,
    size: int,
) -> None:
    """Give the areas of groups that stayed too small to their smallest neighbours."""
    small = [name for name, joined in members.items() if len(joined) < size - 1]
    for name in small:
        for area in members[name]:
            others = {
                int(group[one])
                for one in neighbours[area]
                if districts[one] == districts[area] and group[one] != name
            }
            if others:
                target = min(others, key=lambda other: (len(members[other]), other))
                group[area] = target
                members[target].append(area)


def _scatter_parts(
    polygons: np.ndarray, districts: np.ndarray, pieces: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give a few areas a second piece that lies apart; return polygons and who stays.

    Real areas have such pieces too, and code that expects one ring trips on them.
    """
    import numpy as np
    import shapely

    polygons, stays = polygons.copy(), np.ones(len(polygons), dtype=bool)
    # Evenly spaced along the curve, so the few are spread over the region.
    for area in np.linspace(40, len(polygons) - 40, pieces).astype(int):
        candidates = range(area + 1, min(area + 30, len(polygons)))
        piece = next(
            one
            for one in candidates
            if districts[one] == districts[area]
            and shapely.disjoint(polygons[one], polygons[area])
        )
        polygons[area] = shapely.normalize(
            shapely.multipolygons([polygons[area], polygons[piece]])
        )
        stays[piece] = False
    return polygons, stays


def make_areas(rng: np.random.Generator) -> pd.DataFrame:
    """Return the areas in the order of their codes.

    Columns: OA, district (position in DISTRICTS), zone (number of the larger area),
    planted_type and second_type (positions in TYPES), x, y (metres), geometry.
    """
    import numpy as np
    import pandas as pd

    polygons, points = _tessellate(rng)
    districts = _district_of(points, rng)
    polygons, stays = _scatter_parts(polygons, districts, pieces=4)
    polygons, points, districts = polygons[stays], points[stays], districts[stays]
    first, second = plant_types(points, districts, rng)
    areas = pd.DataFrame(
        {
            "district": districts,
            "zone": group_neighbours(polygons, districts, AREAS_PER_ZONE),
            "planted_type": first,
            "second_type": second,
            "x": points[:, 0],
            "y": points[:, 1],
            "geometry": polygons,
        }
    ).sort_values(["district", "zone"], kind="stable", ignore_index=True)
    areas["zone"] = areas.groupby(["district", "zone"]).ngroup()
    codes = [f"DEMO{number:05d}" for number in np.arange(len(areas)) + 1]
    areas.insert(0, "OA", codes)
    return areas


def plant_types(
    points: np.ndarray, districts: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return each area's type and the type next in line, both (n,)."""
    import numpy as np

    distance = centre_distances(points)[np.arange(len(points)), districts]
    suits = np.empty((len(points), len(TYPES)))
    distance = distance * (1 + 0.08 * smooth_noise(points, 3_000, rng))
    for column, planted in enumerate(TYPES):
        away = (distance - planted.ring) / planted.width
        noise = planted.patchiness * smooth_noise(points, 3_500, rng)
        suits[:, column] = planted.favour - away**2 + noise
    campus_distance = np.min(
        [np.hypot(*(points - (x, y)).T) / reach for x, y, reach in CAMPUSES], axis=0
    )
    suits[:, STUDENTS] = 3 * (1 - campus_distance**2)
    ranked = np.argsort(-suits, axis=1, kind="stable")
    return ranked[:, 0], ranked[:, 1]


# --- Census --------------------------------------------------------------------------


def questions() -> list[Question]:
    """Return the questions of SHARES."""
    found: list[Question] = []
    for line in SHARES.splitlines():
        first, *rest = line.split()
        if first in ("residents", "households"):
            found.append(Question(first, float(rest[0]), {}))
        elif first != "#":
            found[-1].shares[first] = [float(share) for share in rest]
    return found


def make_census(areas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return residents and one column per variable, indexed by OA.

    Percentages are 0 to 100 with 2 decimals; v01 is residents per km².
    """
    import numpy as np
    import pandas as pd
    import shapely

    count = len(areas)
    residents = np.clip(rng.lognormal(np.log(300), 0.25, count), 110, 1_400).astype(int)
    households = np.maximum((residents / rng.normal(2.35, 0.15, count)).astype(int), 40)
    answering = {"residents": residents, "households": households}
    weights = _type_weights(areas, rng)
    factors = _shared_factors(areas, rng)

    square_kilometres = shapely.area(areas["geometry"].to_numpy()) / 1e6
    columns = {"v01": np.round(residents / square_kilometres, 2)}
    for question in questions():
        asked = answering[question.asked]
        counts = _draw_answers(question, weights, factors, asked, rng)
        # The last column of counts, "another answer", is nobody's measure.
        for code, column in zip(question.shares, counts.T, strict=False):
            columns[code] = np.round(100 * column / asked, 2)
    # A part of the full-time students: a pair of measures that nearly repeat.
    students = np.round(columns["v50"] * residents / 100).astype(int)
    columns["v74"] = np.round(100 * rng.binomial(students, 0.72) / residents, 2)
    # Nobody lives in one: a column that no scaling can stretch.
    columns["v75"] = np.zeros(count)
    counts = pd.DataFrame(columns, index=areas["OA"])[sorted(columns)]
    counts.insert(0, "residents", residents)
    return counts


def _type_weights(areas: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return how much each area follows each type: rows (n, 7) that sum to 1."""
    import numpy as np

    rows = np.arange(len(areas))
    lean = SECOND_TYPE * rng.beta(1.3, 3.2, len(areas))
    weights = np.zeros((len(areas), len(TYPES)))
    weights[rows, areas["planted_type"]] = 1 - lean
    weights[rows, areas["second_type"]] += lean
    return weights


def _shared_factors(areas: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return what varies within a type, half of it smooth in space: (n, 4)."""
    import numpy as np

    points = areas[["x", "y"]].to_numpy()
    smooth = np.stack([smooth_noise(points, 2_500, rng) for _ in range(4)], axis=1)
    return (smooth + rng.normal(size=smooth.shape)) / np.sqrt(2)


def _draw_answers(
    question: Question,
    weights: np.ndarray,
    factors: np.ndarray,
    asked: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return counts per area and answer (n, answers + 1), "another answer" last."""
    import numpy as np

    shares = np.array(list(question.shares.values()))
    shares = np.vstack([shares, 100 - shares.sum(axis=0)])
    loadings = rng.normal(size=(factors.shape[1], len(shares)))
    loadings /= np.linalg.norm(loadings, axis=0)
    together = factors @ loadings
    alone = rng.normal(size=(len(asked), len(shares)))
    variation = VARIATION * question.spread * (together + alone) / np.sqrt(2)
    chances = np.exp(weights @ np.log(shares.T) + variation)
    return rng.multinomial(asked, chances / chances.sum(axis=1, keepdims=True))


def _without_census(areas: pd.DataFrame, rng: np.random.Generator) -> pd.Index:
    """Return the codes of the areas that have a boundary but no row of counts."""
    import pandas as pd

    chosen: list[str] = []
    for district, how_many in enumerate((2, 2, 1, 1)):
        codes = areas.loc[areas["district"] == district, "OA"].to_numpy()
        chosen.extend(rng.choice(codes, how_many, replace=False))
    return pd.Index(chosen)


# --- Zones: the larger areas of the second job -----------------------------------


def make_zones(
    areas: pd.DataFrame, counts: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the zones, each the union of neighbouring areas of one district.

    Columns: LSOA21CD, LSOA21NM, geometry (EPSG:27700), x, y, deprivation (latent,
    standardised), members (their areas' codes).
    """
    import numpy as np
    import pandas as pd
    import shapely

    records = []
    for _, group in areas.groupby("zone"):
        union = shapely.normalize(shapely.union_all(group["geometry"].to_numpy()))
        records.append(
            {
                "district": group["district"].iloc[0],
                "geometry": union,
                "x": group["x"].mean(),
                "y": group["y"].mean(),
                "members": list(group["OA"]),
            }
        )
    zones = pd.DataFrame(records)
    numbers = zones.groupby("district").cumcount()
    zones.insert(0, "LSOA21CD", [f"DEMO{20_001 + row}" for row in range(len(zones))])
    zones.insert(
        1,
        "LSOA21NM",
        [
            f"{DISTRICTS[district].name} "
            f"{number // ZONES_PER_NEIGHBOURHOOD + 1:03d}"
            f"{'ABCDE'[number % ZONES_PER_NEIGHBOURHOOD]}"
            for district, number in zip(zones["district"], numbers, strict=True)
        ],
    )
    values = zone_means(zones, counts)
    worse = standardise(values[["v38", "v42", "v60", "v59"]]).sum(axis=1)
    better = standardise(values[["v37", "v44", "v47", "v51"]]).sum(axis=1)
    noise = smooth_noise(zones[["x", "y"]].to_numpy(), 3_000, rng)
    latent = (worse - better) / 5 + 0.25 * noise + 0.1 * rng.normal(size=len(zones))
    zones["deprivation"] = (latent - latent.mean()) / np.std(latent)
    return zones


def zone_means(zones: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of every variable over each zone's areas (zones, variables)."""
    zone_of = zones["members"].explode()
    return counts.loc[zone_of].groupby(zone_of.index.to_numpy()).mean()


def standardise(values: pd.DataFrame) -> np.ndarray:
    """Return the columns with mean 0 and standard deviation 1; constants become 0."""
    import numpy as np

    array = values.to_numpy(dtype=float)
    deviation = array.std(axis=0)
    return (array - array.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def make_embeddings(
    zones: pd.DataFrame, counts: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Return the zones' vectors (n, 64), of length a little below 1.

    What an image shows of a place stands in for the first factors of its counts
    variables; they are projected at random, blurred by neighbours and noise.
    """
    import numpy as np

    variables = zone_means(zones, counts).drop(columns="residents")
    scaled = standardise(np.arcsinh(variables))
    left, strengths, right = np.linalg.svd(scaled, full_matrices=False)
    # A decomposition's signs are arbitrary: fix them.
    signs = np.sign(right[np.arange(len(right)), np.abs(right).argmax(axis=1)])
    factors = (left * signs * strengths / strengths[0])[:, :FACTORS]
    factors *= np.sqrt(len(left))
    factors = np.column_stack([factors, 0.35 * zones["deprivation"]])
    points = zones[["x", "y"]].to_numpy()
    blur = np.stack([smooth_noise(points, 2_000, rng) for _ in range(4)], axis=1)
    inputs = np.hstack([factors, 0.15 * blur])
    projection = rng.normal(size=(inputs.shape[1], EMBEDDING_SIZE)) * 0.016
    common = rng.normal(size=EMBEDDING_SIZE)
    common *= 0.88 / np.linalg.norm(common)
    noise = rng.normal(scale=0.008, size=(len(zones), EMBEDDING_SIZE))
    vectors = common + inputs @ projection + noise
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # A mean of unit vectors is shorter than 1, never longer.
    return np.round(vectors * np.minimum(1, 0.99 / lengths), 8)


def make_socioeconomic(
    zones: pd.DataFrame, counts: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the deprivation decile (1 worst) and four measures of every zone."""
    import numpy as np
    import pandas as pd
    import shapely

    values = zone_means(zones, counts)
    deprivation = zones["deprivation"].to_numpy()
    count = len(zones)

    def jitter(spread: float) -> np.ndarray:
        return np.exp(spread * rng.normal(size=count))

    square_kilometres = shapely.area(zones["geometry"].to_numpy()) / 1e6
    residents = values["residents"] * zones["members"].map(len)
    no_qualifications = 100 - values[["v45", "v46", "v47"]].sum(axis=1)
    return pd.DataFrame(
        {
            "LSOA21CD": zones["LSOA21CD"],
            "IMD_decile": _deciles(deprivation + 0.12 * rng.normal(size=count)),
            "Percent no qualifications 16 and over": np.round(
                no_qualifications * np.exp(0.15 * deprivation) * jitter(0.1), 8
            ),
            "Percent bad and very band health": np.round(
                0.28 * values["v42"] * np.exp(0.2 * deprivation) * jitter(0.12), 9
            ),
            "Population density per km": np.round(residents / square_kilometres, 1),
            "Percent lone family household": np.round(
                4.2 * np.exp(0.3 * deprivation) * jitter(0.15), 9
            ),
        }
    )


def _deciles(deprivation: np.ndarray) -> np.ndarray:
    """Return the country's deciles (n,), 1 the most deprived, as cities have them."""
    import numpy as np

    shares = np.array([14, 13, 12, 11, 10, 10, 9, 8, 7, 6]) / 100
    position = np.argsort(np.argsort(-deprivation, kind="stable")) / len(deprivation)
    return np.searchsorted(np.cumsum(shares)[:-1], position, side="right") + 1


# --- Files ---------------------------------------------------------------------------


@contextmanager
def _fixed_timestamp() -> Iterator[None]:
    """Have GDAL write WRITTEN_AT instead of the present time."""
    import pyogrio

    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: WRITTEN_AT})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


def _write_census(
    folder: Path, areas: pd.DataFrame, counts: pd.DataFrame, without: pd.Index
) -> None:
    """Write the table of counts, lookup, population, boundaries and planted types."""
    import pandas as pd

    counted = counts.drop(index=without)
    counted.drop(columns="residents").to_parquet(folder / "uk_census_data.parquet")
    (folder / "census_variable_lookup.csv").write_text(
        "No.,Variable_Name,Domain\n" + LOOKUP, newline="\n"
    )
    counted["residents"].rename("uk001001").to_csv(
        folder / "oa_pop_data.csv", lineterminator="\n"
    )
    planted = pd.DataFrame(
        {
            "area": areas["OA"],
            "planted_type": [TYPES[one].name for one in areas["planted_type"]],
            "district": [DISTRICTS[one].code for one in areas["district"]],
        }
    )
    planted.to_csv(folder / "demo_planted_types.csv", index=False, lineterminator="\n")
    _write_boundaries(folder, areas)


def _write_boundaries(folder: Path, areas: pd.DataFrame) -> None:
    """Write the areas and, as their unions, the districts."""
    import geopandas
    import shapely

    boundaries = geopandas.GeoDataFrame(areas[["OA", "geometry"]], crs="EPSG:27700")
    outlines = [
        shapely.normalize(shapely.union_all(group.to_numpy()))
        for _, group in areas.groupby("district")["geometry"]
    ]
    districts = geopandas.GeoDataFrame(
        {
            "LAD22CD": [district.code for district in DISTRICTS],
            "LAD22NM": [district.name for district in DISTRICTS],
        },
        geometry=outlines,
        crs="EPSG:27700",
    )
    with _fixed_timestamp():
        boundaries.to_file(
            folder / "OA_2021_22_Boundaries.gpkg", promote_to_multi=False
        )
        districts.to_file(
            folder / "Local_Authority_Districts_Demo_synthetic.gpkg",
            promote_to_multi=True,
        )


def _write_embeddings(folder: Path, zones: pd.DataFrame, vectors: np.ndarray) -> None:
    """Write the zones as GeoJSON: lon/lat with 6 decimals, no crs member."""
    import geopandas
    import numpy as np
    import shapely

    polygons = geopandas.GeoSeries(zones["geometry"], crs="EPSG:27700")
    polygons = shapely.transform(
        polygons.to_crs("EPSG:4326").to_numpy(), lambda corners: np.round(corners, 6)
    )
    names = [f"A{dimension:02d}_mean" for dimension in range(EMBEDDING_SIZE)]
    features = []
    for code, name, polygon, embedding in zip(
        zones["LSOA21CD"], zones["LSOA21NM"], polygons, vectors, strict=True
    ):
        properties = {
            "data_zone_code": code,
            "country": "E",
            "dzcode": code,
            "LSOA21CD": code,
            "LSOA21NM": name,
            **dict(zip(names, embedding.tolist(), strict=True)),
        }
        parts = shapely.multipolygons(shapely.get_parts(polygon))
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(parts),
            }
        )
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, separators=(",", ":"))
    (folder / "uk_lsoa_london_embeds_2024.geojson").write_text(text)


def _write_socioeconomic(
    folder: Path, measures: pd.DataFrame, rng: np.random.Generator
) -> None:
    """Write the deprivation table: 3 zones short, 30 codes from elsewhere more."""
    import numpy as np
    import pandas as pd

    short = measures.drop(index=rng.choice(len(measures), 3, replace=False))
    elsewhere = measures.iloc[rng.choice(len(measures), 30, replace=False)].copy()
    elsewhere["LSOA21CD"] = [f"DEMO{number}" for number in 29_001 + np.arange(30)]
    pd.concat([short, elsewhere], ignore_index=True).to_csv(
        folder / "Socioeconomic.csv", lineterminator="\n"
    )


def main(arguments: list[str]) -> None:
    """Write the demo into the folder that is named, or beside this file."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent / "demo"
    write_demo(folder)
    print(f"Wrote {len(FILES)} synthetic files to {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
