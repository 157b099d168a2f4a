"""What is printed never moves the cursor, whatever a file calls its areas."""

from pathlib import Path

import pytest

from placetypes import console

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bootle\x1b[2J", r"Bootle\x1b[2J"),
        ("Bootle\rSouthport", r"Bootle\rSouthport"),
        ("Bootle\x9b31m\x07", r"Bootle\x9b31m\x07"),
        ("Bootle \u202eelttooB", r"Bootle \u202eelttooB"),
        ("[bold]Bootle[/bold] :smile:", "[bold]Bootle[/bold] :smile:"),
        ("Llŷn, Ynys Môn, 東京, עיר", "Llŷn, Ynys Môn, 東京, עיר"),
    ],
)
def test_names_are_shown_as_they_are_and_what_a_terminal_obeys_is_spelt(name, shown):
    with console.output.capture() as printed:
        console.say(name)
        console.print_table([name], [[name]])
    lines = printed.get().splitlines()
    assert [line.strip() for line in lines] == [shown, shown, shown]


def test_all_that_is_printed_passes_that_way():
    files = [ROOT / "pipeline.py", *(ROOT / "placetypes").rglob("*.py")]
    around = [f.name for f in files if "from rich.text import" in f.read_text("utf-8")]
    assert around == ["console.py"]
