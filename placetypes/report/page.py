"""The report: one HTML file that opens from disk and needs no network.

Data is read from the published tables and embedded as gzipped JSON; the files in page/
draw it, with the map library in page/vendor/. No text of a user ever becomes HTML: the
data is base64 that no parser can take for markup, and the script writes it as text.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placetypes import colours
from placetypes.job import Job
from placetypes.report.context import read_context
from placetypes.report.encoding import packed, packed_text, unpacked
from placetypes.report.job_page import job_page
from placetypes.report.likeness import read_beside
from placetypes.report.places import read_places
from placetypes.report.tables import embed, has_table
from placetypes.yaml_files import read_yaml

if TYPE_CHECKING:
    import duckdb

PAGE = Path(__file__).parent / "page"
SECTIONS = Path(__file__).with_name("sections.yml")
LIBRARY = PAGE / "vendor" / "openlayers"
BLOCK = '<script type="text/plain" id="block-{}">{}</script>'
PLACES = Path(__file__).parents[2] / "data" / "places.csv"
DIRECTORY = "directory"  # the table of postcodes with their areas, of whichever job
# Each uses only what stands before it; together they make one script.
SCRIPTS = (
    "elements.js",
    "layer.js",
    "colouring.js",
    "map_view.js",
    "area_map.js",
    "point_cloud.js",
    "charts.js",
    "find.js",
    "explorer.js",
    "forests.js",
    "job_charts.js",
    "counted_charts.js",
    "declared.js",
    "profiles.js",
    "job.js",
    "main.js",
)

RUN_TABLES = {
    "run": """
        select run_id, strftime(started, '%Y-%m-%d %H:%M') as started,
            round(seconds, 1) as seconds, command, git_commit, synthetic
        from meta.runs order by run_id desc limit 1
    """,
    "versions": """
        select unnest(map_keys(versions)) as program,
            unnest(map_values(versions)) as version
        from (from meta.runs order by run_id desc limit 1)
    """,
    "inputs": """
        select
            job, input, file, bytes, sha256,
            array_to_string(
                list_concat(
                    coalesce(details ->> '$.messages[*]', []),
                    coalesce(details ->> '$.beside.messages[*]', []),
                    coalesce(details ->> '$.wholes.messages[*]', [])
                ),
                ' '
            ) as told
        from meta.inputs order by all
    """,
    "parameters": """
        select parameter, value::varchar as value, source
        from meta.parameters order by parameter
    """,
    "checks": """
        select model as "table", name as promise, severity, failing
        from meta.checks order by failing desc, model, name
    """,
}


@dataclass(frozen=True)
class PageSettings:
    """What a user may choose about the page."""

    scheme: str = colours.DEFAULT_SCHEME
    ramp: str = colours.DEFAULT_RAMP
    places: Path = field(default=PLACES)
    context: str = ""


def write_report(
    connection: "duckdb.DuckDBPyConnection",
    target: Path,
    settings: PageSettings,
    jobs: dict[str, Job],
) -> Path:
    """Write the jobs' page; a reader of the former one sees it whole until replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(render(page_data(connection, settings, jobs)), "utf-8")
    partial.replace(target)
    return target


def render(data: dict[str, Any]) -> str:
    """Put styles, scripts and data into the page's frame."""
    data = dict(data)
    blocks = enumerate(data.pop("blocks"))
    parts = {
        "LICENCE": (LIBRARY / "LICENCE").read_text("utf-8"),
        "STYLE": "\n".join(
            style.read_text("utf-8")
            for style in (LIBRARY / "ol.css", PAGE / "page.css")
        ),
        "SCRIPT": "\n".join((PAGE / name).read_text("utf-8") for name in SCRIPTS),
        "LIBRARY": packed_text((LIBRARY / "ol.js").read_text("utf-8")),
        "DATA": packed(data),
        "BLOCKS": "\n".join(BLOCK.format(place, content) for place, content in blocks),
    }
    page = (PAGE / "page.html").read_text("utf-8")
    for name, content in parts.items():
        before, _, after = page.partition(f"/*{name}*/")
        page = before + content + after
    return page


def page_data(
    connection: "duckdb.DuckDBPyConnection",
    settings: PageSettings,
    jobs: dict[str, Job],
) -> dict[str, Any]:
    """Gather what the page shows: of each job, what is published."""
    run = {
        name: embed(connection.sql(query))
        for name, query in RUN_TABLES.items()
        if has_table(connection, f"meta.{table_of(name)}")
    }
    blocks: list[str] = []
    directories = [f"{job}.{DIRECTORY}" for job in jobs]
    directory = next((n for n in directories if has_table(connection, n)), None)
    parts = {
        job.name: job_page(connection, job, settings.scheme, blocks, directory)
        for job in jobs.values()
    }
    for job, part in parts.items():
        if part and part.get("positions"):
            part["beside"] = classes_beside(connection, jobs, parts, job, blocks)
    return {
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "run": run,
        "places": read_places(settings.places),
        "context": read_context(settings.context),
        "sections": read_yaml(SECTIONS),
        "scheme": {
            "name": settings.scheme,
            "ramp": settings.ramp,
            "ramps": {name: colours.ramp_steps(name) for name in colours.RAMPS},
            "sequential": colours.ramp_steps(colours.SEQUENTIAL),
            "diverging": colours.DIVERGING_STEPS,
            "index": colours.INDEX_STEPS,
        },
        "jobs": {job: part for job, part in parts.items() if part},
        "blocks": blocks,
    }


def classes_beside(
    connection: "duckdb.DuckDBPyConnection",
    jobs: dict[str, Job],
    parts: dict[str, Any],
    own: str,
    blocks: list[str],
) -> list[dict[str, Any]]:
    """Return what each other job that names its clusters calls the ground of areas."""
    areas = unpacked(blocks[parts[own]["layer"]["codes"]])
    named = [
        jobs[name]
        for name, part in parts.items()
        if part and name != own and part.get("layer") and "names" in part["tables"]
    ]
    found = [read_beside(connection, jobs[own], job, areas, blocks) for job in named]
    return [entry for entry in found if entry]


def table_of(name: str) -> str:
    """Return the meta table that a table of the run is read from."""
    return "runs" if name in ("run", "versions") else name
