"""A refresh: build again what reads a file of the output folder, as last published.

Names are given after a run. Its tables, inputs and parameters stand; only the models
that read the changed files, and all that is made from these, are built again.
"""

import json
from dataclasses import replace
from pathlib import Path

from placetypes.console import Reporter
from placetypes.database import WORK, connect_published, is_synthetic, remove_database
from placetypes.errors import PlacetypesError
from placetypes.inputs.remembered import look_before
from placetypes.notes import recorded_in
from placetypes.parameters import Parameters, Value, resolve
from placetypes.publishing import FIGURES
from placetypes.report.outlets import REPORT, has_figures, outlets_of
from placetypes.runner.plan import descendants, fingerprint
from placetypes.runner.project import Project
from placetypes.runner.request import Request, find_files
from placetypes.runner.run import run


def refuse_unfinished(output: Path) -> None:
    """Raise PlacetypesError where a run isn't finished: its tables may not fit."""
    if (output / WORK).exists():
        raise PlacetypesError(
            f"A run in {output} isn't finished; finish it with python pipeline.py run "
            "before names are changed."
        )


def refresh(project: Project, output: Path, job: str, command: str) -> None:
    """Build again, and publish, what reads the job's files in the output folder."""
    refuse_unfinished(output)
    try:
        request = refresh_request(project, output, job)
        run(
            request,
            Reporter(),
            outlets_of(
                project,
                request.parameters,
                request.demo_jobs,
                [job] if has_figures(output, job) else [],
            ),
            command=command,
        )
    finally:
        # Nothing in it took long, and half of it would block the next refresh.
        remove_database(output / WORK)


def renewed(project: Project, output: Path, job: str) -> list[str]:
    """Return the files that show names, as far as they are there."""
    showing = name_readers(project, job)
    showing |= descendants(showing, project.models)
    files = [
        f"{job}/{file}"
        for file, entry in project.jobs[job].exports.items()
        if f"{job}.{entry['table']}" in showing
    ]
    figures = [f"{job}/{FIGURES}"] * has_figures(output, job)
    return [file for file in (REPORT, *files) if (output / file).exists()] + figures


def name_readers(project: Project, job: str) -> frozenset[str]:
    """Return the tables that read the job's files in the output folder."""
    changed = {
        name
        for name, entry in project.jobs[job].inputs.items()
        if entry.get("in_output")
    }
    return frozenset(
        name
        for name, model in project.models.items()
        if model.job == job and changed & set(model.inputs)
    )


def refresh_request(project: Project, output: Path, job: str) -> Request:
    """Return the request for whatever reads the files of the output folder."""
    readers = name_readers(project, job)
    recorded = recorded_in(output)
    # Where only a part was run, only what is there can be brought up to date.
    chosen = (readers | descendants(readers, project.models)) & set(recorded)
    request = Request(
        project=project,
        chosen=chosen,
        parameters=published_parameters(project, output),
        files={},
        output=output,
        demo_jobs=frozenset({job}) if came_from_demo(output) else frozenset(),
        upstream={
            name: fingerprint(entry.made_from) for name, entry in recorded.items()
        },
        is_refresh=True,
    )
    files = {name: find_files(request, name, output / name) for name in request.jobs}
    return replace(request, files=files)


def published_parameters(project: Project, output: Path) -> Parameters:
    """Return the parameters that the published tables were made with."""
    toml = project.root / "pipeline.toml"
    look = look_before(output)
    parameters = resolve(project.specifications, toml, [], set(project.jobs), look)
    with connect_published(output, spatial=False) as connection:
        rows = connection.execute(
            "select parameter, value, source from meta.parameters"
        ).fetchall()
    published = {
        name: Value(parameters[name].specification, json.loads(value), source)
        for name, value, source in rows
        if name in parameters and not parameters[name].specification.is_look
    }
    return parameters | published


def came_from_demo(output: Path) -> bool:
    """Tell whether the published tables were made from the demo."""
    with connect_published(output, spatial=False) as connection:
        return is_synthetic(connection)
