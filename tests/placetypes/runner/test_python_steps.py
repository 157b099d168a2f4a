"""python_steps.py: what a step takes, and when its code counts as changed."""

from itertools import count

import pytest

from placetypes.errors import PlacetypesError
from placetypes.runner.python_steps import ParsedStep, parse_step

STEP = '''
"""A module."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def groups(areas: "pa.Table", clusters: int, *, seed: int = 1) -> "pa.Table":
    """One row: one area
    and its group.

    More words.
    """
    import numpy as np

    from models_py.fitting import fit

    return fit(np.sort(areas), clusters, seed)
'''

FITTING = '''
"""Fits."""

from sklearn.cluster import KMeans

ROUNDS = 10


def fit(values, clusters, seed):
    """Fit."""
    return KMeans(clusters, max_iter=ROUNDS, random_state=seed).fit(scaled(values))


def scaled(values):
    """Scale."""
    return values / 2


def unused():
    """Do nothing."""
    import umap
'''


@pytest.fixture
def parse(tmp_path):
    """Give a function from the text of a step and of its neighbour to what is found.

    Each call writes a project of its own, as each run reads the files anew.
    """
    numbers = count()

    def run(step: str = STEP, fitting: str = FITTING) -> ParsedStep:
        root = tmp_path / str(next(numbers))
        folder = root / "models_py" / "census"
        folder.mkdir(parents=True)
        (folder / "groups.py").write_text(step, "utf-8")
        (root / "models_py" / "fitting.py").write_text(fitting, "utf-8")
        return parse_step(folder / "groups.py", root)

    return run


def replaced(text: str, old: str, new: str) -> str:
    """Return the text with a passage changed that it must have."""
    assert old in text
    return text.replace(old, new)


def test_arguments_and_annotations_are_those_of_the_function(parse):
    step = parse()
    assert step.arguments == ("areas", "clusters", "seed")
    assert step.annotations == {
        "areas": "'pa.Table'",
        "clusters": "int",
        "seed": "int",
    }


def test_the_summary_is_the_docstrings_first_paragraph_on_one_line(parse):
    assert parse().summary == "One row: one area and its group."


def test_libraries_are_those_that_the_used_functions_import(parse):
    """NumPy in the step, scikit-learn beside it; umap only where nothing leads."""
    assert parse().libraries == ("numpy", "scikit-learn", "scipy")


def test_the_same_files_in_another_folder_have_the_same_hash(parse):
    assert parse().code == parse().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("More words.", "Other words."),
        ("    import numpy as np\n", "    # Numbers.\n    import numpy as np\n"),
        (
            "fit(np.sort(areas), clusters, seed)",
            "fit(\n np.sort(areas), clusters, seed\n)",
        ),
        ('"""A module."""', '"""Another."""\n\nUNUSED = 1'),
    ],
)
def test_words_comments_and_layout_change_nothing(parse, old, new):
    assert parse(replaced(STEP, old, new)).code == parse().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Scale."""', '"""Scale, or so."""  # remark'),
        ("import umap", "import umap as other"),  # within unused()
    ],
)
def test_words_in_a_used_function_and_code_in_an_unused_one_change_nothing(
    parse, old, new
):
    assert parse(fitting=replaced(FITTING, old, new)).code == parse().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.sort(areas)", "np.sort(areas)[::-1]"),
        ("seed: int = 1", "seed: int = 2"),
        ("import numpy as np", "import scipy as np"),
    ],
)
def test_a_change_in_the_step_alters_the_hash(parse, old, new):
    assert parse(replaced(STEP, old, new)).code != parse().code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("random_state=seed", "random_state=seed + 1"),  # in the called function
        ("values / 2", "values / 3"),  # in a function that it calls
        ("ROUNDS = 10", "ROUNDS = 11"),  # in a constant of its module
    ],
)
def test_a_change_in_what_the_step_uses_alters_the_hash(parse, old, new):
    assert parse(fitting=replaced(FITTING, old, new)).code != parse().code


def test_a_constant_with_a_type_counts(parse):
    typed = replaced(FITTING, "ROUNDS = 10", "ROUNDS: int = 10")
    changed = replaced(typed, "ROUNDS: int = 10", "ROUNDS: int = 11")
    assert parse(fitting=typed).code != parse(fitting=changed).code


def test_a_method_of_a_used_class_counts(parse):
    fitting = FITTING + "\n\nclass Fit:\n    def rounds(self):\n        return 1\n"
    fitting = replaced(fitting, "scaled(values))", "scaled(values), Fit().rounds())")
    changed = replaced(fitting, "return 1", "return 2")
    assert parse(fitting=fitting).code != parse(fitting=changed).code


def test_a_function_that_is_called_over_its_module_counts(parse):
    step = replaced(
        STEP, "from models_py.fitting import fit", "from models_py import fitting"
    )
    step = replaced(step, "return fit(", "return fitting.fit(")
    changed = replaced(FITTING, "values / 2", "values / 3")
    assert parse(step).code != parse(step, changed).code


def test_constants_that_are_assigned_together_count(parse):
    fitting = replaced(FITTING, "ROUNDS = 10", "ROUNDS, STARTS = 10, 20")
    changed = replaced(fitting, "10, 20", "11, 20")
    assert parse(fitting=fitting).code != parse(fitting=changed).code


def test_the_file_must_define_a_function_of_its_name(parse):
    with pytest.raises(PlacetypesError) as refused:
        parse("def other():\n    '''One row: …'''\n")
    assert str(refused.value) == (
        "models_py/census/groups.py must define a function groups()."
    )


def test_the_function_must_have_a_docstring(parse):
    with pytest.raises(PlacetypesError) as refused:
        parse("def groups(areas):\n    return areas\n")
    assert str(refused.value) == (
        "models_py/census/groups.py: groups() needs a docstring: One row: …"
    )


def test_a_file_that_is_no_python_is_refused_by_name(parse):
    with pytest.raises(PlacetypesError, match=r"^groups\.py is not valid Python: "):
        parse("def groups(:\n")
