"""What the documents show is what the commands print: their examples are run, in order.

An example is a block `sh` with a block of output right after it. In that, dots stand
for more: on a line of their own for lines, at a line's end for its rest. Seconds may
differ. A block `text` shows what takes longer or needs files of a user's; it isn't run.
"""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["start", "name", "use", "change", "choose"]
EXAMPLE = re.compile(r"```sh\n((?:(?!```).)*)```\n\n```\n(.*?)```", re.DOTALL)
EXAMPLES = [
    pytest.param(*example, id=f"{document}-{number}")
    for document in DOCUMENTS
    for number, example in enumerate(
        EXAMPLE.findall((ROOT / "docs" / f"{document}.md").read_text("utf-8")), 1
    )
]


def commands_of(block: str) -> list[list[str]]:
    """Return the arguments of each `python pipeline.py …` of a block."""
    commands: list[list[str]] = []
    for word in shlex.split(block.replace("\\\n", " "), comments=True):
        if word == "pipeline.py":
            commands.append([])
        elif word != "python":
            commands[-1].append(word)
    return commands


def printed_by(arguments: list[str], output: Path) -> str:
    """Run a command on the results in a folder; return all that it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        assert pipeline.main([*arguments, "--output", str(output)]) == 0
    return printed.getvalue()


def pattern_of(shown: str) -> str:
    """Return what printed text has to match to be what a document shows."""
    lines = []
    for line in shown.strip().splitlines():
        words = [re.escape(word).replace("…", r"[^\n]*") for word in line.split()]
        text = re.sub(r"[\d.\\]+\\s\+s$", r"[\\d.]+\\s+s", r"\s+".join(words))
        lines.append(r"(?:.*\n)*?.*?" if line == "…" else text)
    return r"\s+".join(lines)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder in which one example after the other works."""
    if len(list((ROOT / "data" / "input").iterdir())) > 1:
        pytest.skip("data/input holds files: the examples are of the demo")
    return tmp_path_factory.mktemp("examples") / "outputs"


@pytest.mark.parametrize(("commands", "shown"), EXAMPLES)
def test_the_commands_of_an_example_print_what_is_shown(commands, shown, outputs):
    printed = "".join(printed_by(each, outputs) for each in commands_of(commands))
    printed = printed.replace(str(outputs), "outputs")
    if not re.search(pattern_of(shown), printed):
        assert printed == shown


def test_dots_and_seconds_are_all_that_may_differ():
    shown = "census.k  5 rows     0.13 s\n…\nkinds: detached, …\nend\n"
    printed = "census.k  5 rows     2.10 s\nmore\nkinds: detached, semis\nend\n"
    assert re.fullmatch(pattern_of(shown), printed.strip())
    assert not re.search(pattern_of(shown), printed.replace("5 rows", "6 rows"))
    assert not re.search(pattern_of(shown), printed.replace("semis\n", "semis\nx\n"))
