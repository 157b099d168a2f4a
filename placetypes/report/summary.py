"""What a run says before and after: what stands out, each job's own summary, files."""

from placetypes import console
from placetypes.console import Text
from placetypes.database import PUBLISHED, connect_published, quoted, table_columns
from placetypes.errors import listed
from placetypes.report.outlets import REPORT
from placetypes.runner.request import Request
from placetypes.runner.run import Result


def announce(request: Request) -> None:
    """Say what stands out about a request before it runs."""
    for message in request.messages:
        console.errors.print(Text(message))
    for job in sorted(request.demo_jobs):
        console.errors.print(
            Text(
                f"{job}: no input files in data/input, so this runs on the SYNTHETIC "
                "demo. Its areas, districts and figures are invented."
            )
        )


def print_summary(requests: list[Request]) -> None:
    """Print the summary of each job that was run, and where the results are."""
    output, project = requests[0].output, requests[0].project
    jobs = [job for request in requests for job in request.jobs]
    demo_jobs = {job for request in requests for job in request.demo_jobs}
    with connect_published(output, spatial=False) as connection:
        for job in jobs:
            if not table_columns(connection, f"{job}.run_summary"):
                continue
            synthetic = " (SYNTHETIC demo data)" if job in demo_jobs else ""
            console.output.print(Text(f"\n{job}{synthetic}", style="bold"))
            lines = connection.execute(
                f"select topic, text from {quoted(job)}.run_summary order by line, 1"
            ).fetchall()
            for topic, text in lines:
                style = "yellow" if topic == "warning" else ""
                console.output.print(Text(f"  {topic:<19} {text}", style=style))
    console.output.print(Text("\nfiles", style="bold"))
    console.output.print(Text(f"  {output / PUBLISHED}"))
    if (output / REPORT).exists():
        console.output.print(Text(f"  {output / REPORT}"))
    for job in jobs:
        files = [f for f in project.jobs[job].exports if (output / job / f).exists()]
        if files:
            listed = ", ".join(files)
            console.output.print(Text(f"  {output / job}: {listed}"))


def outdated_sentence(result: Result) -> str:
    """Say why a partial run isn't published, and what to do."""
    tables = [*result.outdated, *result.built]
    jobs = dict.fromkeys(table.partition(".")[0] for table in tables)
    return (
        f"Built, but not published: {listed(result.outdated)} were made from what has "
        f"changed. `run {' '.join(jobs)}` brings them up to date; until then "
        "`sql --work` and `show --work` read the new tables."
    )
