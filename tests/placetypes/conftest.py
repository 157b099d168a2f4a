"""What tests of the page share: a browser without a network, a result full of traps."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import pipeline
from placetypes.database import connect, connect_published
from placetypes.report.page import PageSettings, write_report
from placetypes.runner.project import Project, load_project, read_project
from tests.conftest import write_small_city

CHROMIUM = Path("/usr/bin/chromium")
# Nothing that a browser does by itself may reach for the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCRIPT = "</script><script>window.taken = 1</script>"
NASTY = f"{SCRIPT}<img src=x onerror='window.taken = 2'> \"quoted\" & 'so'"

BAD = "<script>alert('x')</script> & \"quoted\" </script>"

# A project of three tables, one of a part, with markup where text belongs.
TOWN = {
    "placetypes/parameters.yml": """
threads: {kind: integer, default: 0, meaning: Threads to use.}
""",
    "sql/macros.sql": "",
    "sql/town/parameters.yml": f"""
limit: {{kind: integer, default: 3, meaning: {json.dumps("Limit " + BAD)}}}
""",
    "sql/town/job.yml": f"""
parts: [pricing]
inputs:
  homes_file:
    file: homes.csv
    meaning: {json.dumps("Homes " + BAD)}
    columns: {{id: code}}
exports:
  prices.csv: {{table: prices}}
""",
    "sql/town/tables.yml": f"""
homes:
  columns: {{home: {json.dumps("Code " + BAD)}}}
  other_columns: The variable so named.
  checks:
    - unique: home
groups:
  columns: {{home: Code., cluster: Its group.}}
""",
    "sql/parts/pricing/tables.yml": """
prices:
  columns: {variable: Its code., price: Its mean.}
  checks:
    - range: {column: price, minimum: 0}
      severity: warn
""",
    "sql/town/homes.sql": """-- One row: one home <b>with</b> all.
select id as home, columns(* exclude (id)) from read_csv(getvariable('homes_file'))
""",
    "sql/parts/pricing/prices.sql": """-- One row: one variable.
with means as (
    select avg(columns(* exclude (home))) from homes
    semi join groups on homes.home = groups.home
),

long as (
    unpivot means on columns(*) into name variable value price
)

select * from long where price > getvariable('limit')
""",
    "models_py/town/groups.py": '''
def groups(homes, limit):
    """One row: one home and its group."""
    return homes["<i>"]
''',
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Project:
    """Give a project of three tables, with markup where text belongs."""
    for name, text in TOWN.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_project(tmp_path / "project")


@pytest.fixture
def village(town: Project) -> Project:
    """Give the town's project with a second job, which reads the town's table."""
    folder = town.root / "sql" / "village"
    folder.mkdir()
    (folder / "job.yml").write_text("title: Village\n", "utf-8")
    (folder / "farms.sql").write_text(
        "-- One row: one farm.\nselect home as farm, v01 from town.homes\n", "utf-8"
    )
    return read_project(town.root)


# A result of the embeddings job, made by hand from the census result beside it.
EMBEDDINGS = f"""
create schema embeddings;
create table embeddings.classification as
    select area, area || ' <b>Town</b>' as area_name, supergroup as cluster,
        umap_x, umap_y, geometry
    from census.classification;
create table embeddings.cluster_summary as
    select cluster, areas, share_of_areas, 5.5 as target_mean,
        0 as areas_without_target
    from census.cluster_summary where level = 'supergroup';
create table embeddings.mapped_values as
    with numbered as (
        select area, row_number() over (order by area) as n
        from census.classification
    )
    select area, 'decile' as variable, 1.0 + n % 10 as value from numbered
    union all
    select area, '{NASTY.replace("'", "''")}', n * 1.5 from numbered;
create table embeddings.class_breaks as
    with classes as (
        select variable, unnest(range(1, 4)) as class,
            min(value) as low, max(value) as high
        from embeddings.mapped_values group by variable
    )
    select variable, scheme, class, low + (class - 1) * (high - low) / 3 as lower_bound,
        low + class * (high - low) / 3 as upper_bound, 'class ' || class as label
    from classes
    cross join (
        select unnest(['quantile', 'equal_interval', 'natural_breaks']) as scheme
    );
create table embeddings.map_classes as
    select area, m.variable, scheme, value, min(class) as class,
        'class ' || min(class) as label
    from embeddings.mapped_values as m
    inner join embeddings.class_breaks as b
        on m.variable = b.variable and m.value <= b.upper_bound + 1e-9
    group by all;
create table embeddings.representative_areas as
    select cluster, row_number() over (partition by cluster order by area) as rank,
        area, area_name, 0.1 * rank as distance
    from embeddings.classification qualify rank <= 3;
create table embeddings.cluster_inputs as
    select area, 0.01 * row_number() over (order by area) ** 2 as A00_mean,
        0.0 as A01_mean
    from embeddings.classification where area <> 'E21';
create table embeddings.clustergram as from census.clustergram;
create table embeddings.clustergram_flows as from census.clustergram_flows;
create table embeddings.clustergram_scores as from census.clustergram_scores;
create table embeddings.forest_scores as
    select feature_set, validation, 0.5 as accuracy, 0.1 as accuracy_spread,
        1.0 as label_error, 0.1 as label_error_spread, 0.4 as macro_f1,
        0.1 as macro_f1_spread, 0.6 as quadratic_weighted_kappa,
        0.1 as quadratic_weighted_kappa_spread
    from (select unnest(['socioeconomic', 'embeddings', 'both']) as feature_set)
    cross join (select unnest(['single_split', 'blocked']) as validation);
create table embeddings.forest_confusion as
    select feature_set, validation, actual, predicted, 3 as areas,
        33.3 as share_of_actual
    from embeddings.forest_scores
    cross join (select unnest([1, 2, 3]) as actual)
    cross join (select unnest([1, 2, 3]) as predicted);
create table embeddings.forest_importances as
    select feature_set, 'feature ' || n as feature, 0.1 as impurity,
        n as impurity_rank, 0.1 / n as permutation, 0.01 as permutation_spread,
        n as permutation_rank
    from (select distinct feature_set from embeddings.forest_scores)
    cross join (select unnest(range(1, 20)) as n);
create table embeddings.fold_contacts as
    select validation, fold, 20 as areas_tested, fold as areas_touching,
        0 as areas_dropped, 5.0 * fold as touching_share, true as is_unseen
    from (select unnest(['random', 'blocked']) as validation)
    cross join (select unnest(range(1, 4)) as fold);
create table embeddings.k_reading as
    select 1 as line, '{NASTY.replace("'", "''")}' as text;
create table embeddings.k_evidence as
    select k, 100.0 / k as inertia, 0.1 as silhouette, 0.01 as silhouette_error,
        k / 10 as gap, 0.02 as gap_error, 1.0 / k as stability,
        0.05 as stability_error, 20.0 as smallest_share, 40.0 as largest_share
    from (select unnest(range(2, 16)) as k);
insert or replace into meta.parameters
    values ('embeddings.target', '"decile"', 'default');
"""


SETTINGS = {
    "region": "West",
    "clusters": 2,
    "subgroups": 2,
    "restarts": 10,
    "clustergram_clusters": 3,
    "clustergram_restarts": 3,
    "subgroup_clustergram_restarts": 3,
    "umap_neighbors": 5,
    "umap_epochs": 20,
}


def run_arguments(files: Path, output: Path) -> list[str]:
    """Return what follows `python pipeline.py` to run the small city."""
    arguments = ["run", "census", "--input", str(files), "--output", str(output)]
    for name, value in SETTINGS.items():
        arguments += ["--set", f"census.{name}={value}"]
    return arguments


@pytest.fixture(scope="session")
def nasty_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the small city, whose variables, district and clusters bear markup."""
    folder = tmp_path_factory.mktemp("nasty")
    files = folder / "input"
    files.mkdir()
    write_small_city(files)
    lookup = pd.read_csv(files / "census_variable_lookup.csv")
    lookup.loc[0, "Variable_Name"] = NASTY
    lookup.loc[1, "Domain"] = NASTY
    lookup.to_csv(files / "census_variable_lookup.csv", index=False)
    name_district(files / "Local_Authority_Districts_small.gpkg", NASTY)
    output = folder / "output"
    assert pipeline.main(run_arguments(files, output)) == 0
    with connect(output / "placetypes.duckdb") as connection:
        connection.execute(EMBEDDINGS)
        add_names(connection)
    return output


def name_district(path: Path, name: str) -> None:
    """Give the first district another name."""
    import geopandas as gpd

    districts = gpd.read_file(path)
    districts.loc[0, "LAD22NM"] = name
    districts.to_file(path)


def add_names(connection: object) -> None:
    """Name the clusters, A with markup, as the naming step does."""
    clusters = connection.execute(
        """
        select cluster, level from census.cluster_summary
        """
    ).fetchall()
    connection.execute("drop table if exists census.cluster_names")
    connection.execute(
        "create table census.cluster_names "
        "(cluster text, level text, name text, portrait text, status text)"
    )
    for cluster, level in clusters:
        name = NASTY if cluster == "A" else f"Name of {cluster}"
        connection.execute(
            "insert into census.cluster_names values ($1, $2, $3, $4, 'draft')",
            [cluster, level, name, f"Portrait of {cluster}. {SCRIPT}"],
        )


JOBS = load_project().jobs


@pytest.fixture(scope="session")
def nasty_page(nasty_output: Path) -> Path:
    """Write the page of the nasty result."""
    with connect_published(nasty_output) as connection:
        return write_report(
            connection, nasty_output / "report.html", PageSettings(), JOBS
        )


@pytest.fixture(scope="session")
def many_areas(nasty_output: Path, tmp_path_factory) -> Path:
    """Give a result of 5,000 areas: the small city again and again."""
    output = tmp_path_factory.mktemp("many")
    shutil.copy(nasty_output / "placetypes.duckdb", output)
    with connect(output / "placetypes.duckdb") as connection:
        connection.execute(
            """
            drop schema embeddings cascade;
            alter table census.classification rename to once;
            create table census.classification as
                select area || '_' || i as area, once.* exclude (area, geometry),
                    st_affine(
                        geometry, 100, 0, 0, 100, 800 * (i % 12), 900 * (i // 12)
                    )::geometry('EPSG:27700') as geometry
                from census.once cross join range(125) as r(i);
            alter table census.region_variables rename to values_once;
            create table census.region_variables as
                select area || '_' || i as area, values_once.* exclude (area)
                from census.values_once cross join range(125) as r(i);
            """
        )
    return output


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Start Debian's Chromium, or skip where it or Playwright is not there."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed"
    )
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium) -> Iterator[Callable[..., SimpleNamespace]]:
    """Give a function that opens a file; what it asks of the network fails the test.

    So does whatever the console calls an error.
    """
    contexts, complaints = [], []

    def refuse(route) -> None:
        complaints.append(f"request to {route.request.url}")
        route.abort()

    def open_file(
        path: Path,
        width: int = 1280,
        height: int = 800,
        wait_for: str = ".map[data-drawn]",
        fragment: str = "",
        **options,
    ):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.route(lambda url: not url.startswith(("file:", "data:")), refuse)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"console: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector(wait_for)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []


EXPORTED = [
    "classification",
    "cluster_descriptions",
    "index_scores",
    "variable_profile",
]
NAMING = ["portraits", "naming_briefs", "run_summary"]  # what `names set` reads
CITY = {"region": "West", "clusters": 2, "subgroups": 2, "restarts": 5}


@pytest.fixture(scope="session")
def exported(small_city_files, tmp_path_factory):
    """Run the small city as far as its exports, then name a cluster =Quiet 1."""
    output = tmp_path_factory.mktemp("exports")
    arguments = ["--input", str(small_city_files), "--output", str(output)]
    for name, value in CITY.items():
        arguments += ["--set", f"census.{name}={value}"]
    tables = [f"census.{table}" for table in EXPORTED + NAMING]
    assert pipeline.main(["run", *tables, *arguments]) == 0
    named = ["names", "set", "A", "=Quiet 1", "--note", "x", "--output", str(output)]
    assert pipeline.main(named) == 0
    return output
