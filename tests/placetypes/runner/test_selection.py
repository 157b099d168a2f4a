"""plan.py: the order of models, and the selection that a user types."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placetypes.errors import PlacetypesError
from placetypes.job import Job
from placetypes.runner.plan import ancestors, build_order, descendants, select
from placetypes.runner.project import Model, Project, load_project


def project_of(links: dict[str, Iterable[str]]) -> Project:
    """Return a project from each model's full name and what it reads."""
    models = {}
    for full_name, tables in links.items():
        job, _, name = full_name.partition(".")
        models[full_name] = Model(job, name, Path(f"{name}.sql"), "", "", tuple(tables))
    jobs = {model.job: Job(model.job) for model in models.values()}
    return Project(Path(), jobs, models, {}, {})


# files → areas → groups → summary; groups → map; and a job beside it.
PROJECT = project_of(
    {
        "census.summary": ["census.groups", "census.areas"],
        "census.map": ["census.groups"],
        "census.groups": ["census.areas"],
        "census.areas": [],
        "embeddings.dims": [],
        "embeddings.forests": ["embeddings.dims"],
    }
)


def chosen(*selectors: str) -> set[str]:
    """Return the selected census models by bare name."""
    return {name.removeprefix("census.") for name in select(PROJECT, list(selectors))}


def test_each_model_comes_after_what_it_reads():
    order = build_order(PROJECT.models)
    assert sorted(order) == sorted(PROJECT.models)
    for name, model in PROJECT.models.items():
        for parent in model.upstream:
            assert order.index(parent) < order.index(name)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Draw models that only read earlier ones, and shuffle them."""
    names = [f"census.m{number}" for number in range(draw(st.integers(1, 12)))]
    links = {
        name: draw(st.lists(st.sampled_from(names[:place]), unique=True))
        if place
        else []
        for place, name in enumerate(names)
    }
    return {name: links[name] for name in draw(st.permutations(names))}


@given(links=graphs())
def test_any_graph_is_ordered_and_always_alike(links):
    models = project_of(links).models
    order = build_order(models)
    assert sorted(order) == sorted(links)
    assert all(
        order.index(p) < order.index(name) for name in links for p in links[name]
    )
    assert order == build_order(dict(reversed(models.items())))


@given(links=graphs(), data=st.data())
def test_ancestors_and_descendants_are_each_others_reverse(links, data):
    models = project_of(links).models
    one, other = (data.draw(st.sampled_from(sorted(models))) for _ in range(2))
    assert (one in ancestors([other], models)) == (other in descendants([one], models))


@given(links=graphs(), data=st.data())
def test_plus_selects_a_model_with_what_lies_before_and_after_it(links, data):
    project = project_of(links)
    name = data.draw(st.sampled_from(sorted(links)))
    before, after = (select(project, [text]) for text in (f"+{name}", f"{name}+"))
    assert select(project, [name]) == before & after == {name}
    assert select(project, [f"+{name}+"]) == before | after
    assert before == {name} | ancestors([name], project.models)


def test_models_that_read_each_other_are_named():
    circle = project_of(
        {"census.a": ["census.b"], "census.b": ["census.c"], "census.c": ["census.a"]}
    )
    with pytest.raises(PlacetypesError) as refused:
        build_order(circle.models)
    sentence = str(refused.value)
    assert sentence.startswith("These models read each other: census.")
    assert sentence.count("→") == 3
    assert all(name in sentence for name in circle.models)


def test_a_list_that_sql_reads_as_a_variable_comes_before_it_too():
    models = project_of({"census.inputs": [], "census.areas": []}).models
    models["census.inputs"] = Model(
        "census", "inputs", Path("inputs.sql"), "", "", (), lists=("census.areas",)
    )
    assert build_order(models) == ["census.areas", "census.inputs"]


def test_no_selector_means_everything():
    assert select(PROJECT, []) == set(PROJECT.models)


def test_a_job_means_all_its_tables():
    assert chosen("census") == {"summary", "map", "groups", "areas"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("census.groups", {"groups"}),
        ("+census.groups", {"areas", "groups"}),
        ("census.groups+", {"groups", "summary", "map"}),
        ("+census.groups+", {"areas", "groups", "summary", "map"}),
        ("Census.Groups", {"groups"}),
        ("census.areas+", {"areas", "groups", "summary", "map"}),
        ("+census.areas", {"areas"}),
    ],
)
def test_a_table_with_what_lies_before_and_after_it(selector, expected):
    assert chosen(selector) == expected


def test_several_selectors_add_up():
    assert chosen("census.map", "census.areas") == {"map", "areas"}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("census.group", "Did you mean census.groups?"),
        ("sensus", "Did you mean census?"),
        ("+census.mapp+", "Did you mean census.map?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(selector, hint):
    with pytest.raises(PlacetypesError) as refused:
        select(PROJECT, [selector])
    name = selector.strip("+")
    assert str(refused.value) == f"There is no job or table {name}. {hint}"


def test_a_name_like_no_other_is_refused_with_all_that_are_known():
    with pytest.raises(PlacetypesError) as refused:
        select(PROJECT, ["xyz"])
    assert str(refused.value) == (
        "There is no job or table xyz. Known: census, census.areas, census.groups, "
        "census.map, census.summary, embeddings, embeddings.dims, embeddings.forests."
    )


def test_a_name_that_is_parameter_and_table_is_what_the_step_says_it_is():
    models = load_project().models
    # Of subgroups, one step takes the number, the other the table.
    assert "subgroups" in models["census.subgroups"].parameters
    assert "census.subgroups" not in models["census.subgroups"].upstream
    assert "census.subgroups" in models["census.hierarchy"].upstream
    assert "subgroups" not in models["census.hierarchy"].parameters
