"""The commands `names …`, against a server on loopback and by hand."""

import io
import json
import re

import openpyxl
import pytest

from placetypes.database import connect

BOTH = pytest.mark.parametrize("protocol", ["responses", "chat"])
CLUSTERS = ["A", "B", "A1", "A2", "B1", "B2"]


def names_of(query):
    """Return name, source and status of each cluster."""
    rows = query("select cluster, name, source, status from census.cluster_names")
    return {row[0]: row[1:] for row in rows}


def type_in(monkeypatch, *lines):
    """Type these lines."""
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines))
    )


def save(tmp_path, clusters, wrap="{}"):
    """Write a reply into a file."""
    path = tmp_path / "reply.txt"
    path.write_text(wrap.replace("{}", json.dumps({"clusters": clusters})))
    return path


def test_every_run_has_names_without_asking_anyone(city, query):
    named = names_of(query)
    assert sorted(named) == sorted(CLUSTERS)
    assert {row[1:] for row in named.values()} == {("rule", "draft")}
    assert "## A " in (city / "census" / "portraits.md").read_text()


def test_a_result_of_an_earlier_version_says_what_to_do(city, command):
    remedy = "earlier version of placetypes, or of a run of single tables: `python "
    with connect(city / "placetypes.duckdb") as published:
        published.execute("alter table census.cluster_members drop column is_inside")
    outcome = command("names", "set", "A", "Towns", "--output", city)
    assert outcome.code == 1
    assert "is_inside" in outcome.err
    assert remedy in outcome.err
    with connect(city / "placetypes.duckdb") as published:
        published.execute("alter table census.naming_briefs drop column brief")
    outcome = command("names", "show", "--output", city)
    assert outcome.code == 1
    assert remedy in outcome.err


@BOTH
def test_names_flow_from_the_model_into_tables_and_files(
    protocol, city, server, llm, good_names, query
):
    server.behave = lambda body, codes: good_names(codes)
    outcome = llm(protocol=protocol)
    assert outcome.code == 0, outcome.err
    assert len(server.requests) == 3  # supergroups, then each one's subgroups
    assert names_of(query)["A"] == ("Type A", "llm", "draft")
    summary = query(
        "select name from census.cluster_summary "
        "where level = 'supergroup' order by cluster"
    )
    assert summary == [("Type A",), ("Type B",)]
    assert "## A Type A" in (city / "census" / "portraits.md").read_text()
    descriptions = (city / "census" / "cluster_descriptions.csv").read_text()
    assert "Type B2" in descriptions
    log = query(
        "select asked, answered, input_tokens, verdict, length(request), "
        "prompt_version from census.name_log order by sent_at"
    )
    assert log[0] == (["A", "B"], ["A", "B"], 11, "named", 64, "names_v2")


def test_it_says_first_what_goes_where_and_sends_nothing_without_a_yes(
    city, command, server, key, monkeypatch
):
    type_in(monkeypatch, "n")
    outcome = command(
        *["names", "llm", "--output", city, "--set", f"names.base_url={server.url}"],
    )
    assert outcome.code == 130
    assert "This sends 3 requests to 127.0.0.1:" in outcome.err
    assert "no key" in outcome.err
    assert "No area codes" in outcome.err
    assert server.requests == []


def test_a_run_sends_nothing(city, rerun, server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert rerun(city, "--fresh") == 0
    assert server.requests == []


def test_the_named_stay_named_and_a_second_try_asks_for_the_rest(
    server, llm, good_names, query
):
    server.behave = lambda body, codes: 500 if "B1" in codes else good_names(codes)
    outcome = llm()
    assert outcome.code == 1
    assert "trouble of its own" in outcome.err
    assert "4 clusters were named, 2 are left" in outcome.err
    assert names_of(query)["A1"] == ("Type A1", "llm", "draft")
    assert names_of(query)["B1"][1:] == ("rule", "draft")
    server.requests.clear()
    server.behave = lambda body, codes: good_names(codes)
    assert llm().code == 0
    assert len(server.requests) == 1
    assert names_of(query)["B1"] == ("Type B1", "llm", "draft")
    server.requests.clear()
    assert "Every cluster has a name" in llm().out
    assert server.requests == []


def test_a_reply_in_the_log_is_used_again(city, server, llm, good_names, query):
    server.behave = lambda body, codes: good_names(codes)
    assert llm().code == 0
    (city / "census" / "names.json").unlink()
    server.requests.clear()
    assert llm().code == 0
    assert server.requests == []
    assert names_of(query)["B2"] == ("Type B2", "llm", "draft")
    assert llm("--again").code == 0
    assert len(server.requests) == 3


def test_a_refused_key_ends_it_at_once(server, llm):
    server.behave = lambda body, codes: 401
    outcome = llm("--set", "names.requests=1")
    assert outcome.code == 1
    assert len(server.requests) == 1
    assert "check TEST_KEY" in outcome.err


def test_a_reply_that_is_no_json(server, llm, query):
    server.behave = lambda body, codes: "I would call A the Quiet Homes."
    outcome = llm()
    assert outcome.code == 1
    assert "holds no JSON" in outcome.err
    assert query("select distinct verdict from census.name_log") == []  # no refresh


def test_a_few_requests_at_a_time(server, llm, good_names):
    server.wait = 0.1
    server.behave = lambda body, codes: good_names(codes)
    few = ["--set", "names.requests=2", "--set", "names.clusters_per_request=1"]
    assert llm(*few).code == 0
    assert len(server.requests) == 6
    assert server.most_at_a_time == 2


def test_a_failure_is_quoted_in_one_more_try(server, llm, good_names, query):
    def behave(body, codes):
        reply = json.loads(good_names(codes))
        if len(server.requests) <= 3 and "A" in codes:
            reply["clusters"][0]["name"] = "Much Too Long A Name"
        return json.dumps(reply)

    server.behave = behave
    assert llm().code == 0
    assert len(server.requests) == 4
    again = server.requests[3]["input"]
    assert "Your former reply did not pass the checks" in again
    assert "the name has more than 3 words (Much Too Long A Name)" in again
    assert names_of(query)["A"] == ("Type A", "llm", "draft")


def test_a_portrait_that_contradicts_the_data_is_caught(
    server, llm, good_names, truth, query
):
    """The claims are true; the text says the opposite of the data."""
    phrases = dict(query("select variable, phrase from census.variable_words"))
    claim = truth["A"][0]
    lie = "few" if claim["direction"] == "above" else "many"
    text = f"In these streets there are {lie} {phrases[claim['variable']]}."

    def behave(body, codes):
        reply = json.loads(good_names(codes))
        if "A" in codes:
            reply["clusters"][0]["portrait"] = text
        return json.dumps(reply)

    server.behave = behave
    rule_name = names_of(query)["A"][0]
    outcome = llm()
    assert len(server.requests) == 4  # one more try, which says the same
    assert "needs_review" in outcome.out
    assert names_of(query)["A"] == (rule_name, "rule", "needs_review")
    proposed, reasons = query(
        "select proposed_portrait, reasons from census.cluster_names where cluster='A'"
    )[0]
    assert proposed == text
    assert any("contradicted" in reason for reason in reasons)


def test_a_claim_that_contradicts_the_data_is_caught(
    server, llm, good_names, truth, query
):
    opposite = {"above": "below", "below": "above"}

    def behave(body, codes):
        reply = json.loads(good_names(codes))
        for entry in reply["clusters"]:
            if entry["cluster"] == "B":
                entry["claims"] = [
                    {**c, "direction": opposite[c["direction"]]} for c in truth["B"][:1]
                ]
        return json.dumps(reply)

    server.behave = behave
    llm()
    assert names_of(query)["B"][1:] == ("rule", "needs_review")
    assert query("select verdict from census.name_claims where cluster = 'B'") == [
        ("contradicted",)
    ]


def test_the_key_is_nowhere_to_be_found(city, server, llm, good_names, key):
    def behave(body, codes):
        return 500 if "B1" in codes else good_names(codes).replace("own", f"own {key}")

    server.behave = behave
    outcome = llm()
    assert key not in outcome.out + outcome.err
    for path in city.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path


def test_only_parameters_of_names_can_be_set(city, command):
    outcome = command("names", "llm", "--set", "clusters=3", "--output", city)
    assert outcome.code == 1
    assert "parameters of [names] only" in outcome.err


def test_the_prompt_for_a_chat_and_its_answer(
    city, command, good_names, tmp_path, query
):
    outcome = command("names", "prompt", "--output", city)
    assert outcome.code == 0
    prompt = (city / "census" / "names_prompt.txt").read_text()
    assert "2 supergroups" in prompt or "6 supergroups and subgroups" in prompt
    reply = tmp_path / "reply.md"
    reply.write_text(f"Here:\n```json\n{good_names(CLUSTERS)}\n```\nDone.")
    outcome = command("names", "apply", reply, "--output", city, "--model", "some chat")
    assert outcome.code == 0, outcome.err
    assert names_of(query)["B1"] == ("Type B1", "reply", "draft")
    models = query("select distinct model, prompt_version from census.cluster_names")
    assert models == [("some chat", "names_v2")]


def test_a_cluster_left_out_and_one_too_many(
    city, command, good_names, tmp_path, query
):
    rows = json.loads(good_names(["A", "B", "A1", "A2", "B1"]))["clusters"]
    rows.append({**rows[0], "cluster": "Z9"})
    outcome = command("names", "apply", save(tmp_path, rows), "--output", city)
    assert "the reply left it out: B2" in outcome.out
    assert "the reply named one too many: Z9" in outcome.out
    assert names_of(query)["B2"][1:] == ("rule", "needs_review")
    assert "Z9" not in names_of(query)


def test_an_answer_without_json_is_refused(city, command, tmp_path):
    path = tmp_path / "reply.txt"
    path.write_text("I am sorry.")
    outcome = command("names", "apply", path, "--output", city)
    assert outcome.code == 1
    assert "Save the whole answer" in outcome.err
    assert not (city / "census" / "names.json").exists()


def test_a_name_by_hand_is_approved_and_survives(city, command, rerun, query):
    assert command("names", "set", "A", "Leafy Suburbs", "--output", city).code == 0
    assert names_of(query)["A"] == ("Leafy Suburbs", "analyst", "approved")
    assert rerun(city, "--fresh") == 0
    assert names_of(query)["A"] == ("Leafy Suburbs", "analyst", "approved")


def test_a_name_whose_cluster_is_gone_needs_review_until_it_comes_back(
    city, command, rerun, query
):
    assert command("names", "set", "A", "Leafy Suburbs", "--output", city).code == 0
    assert rerun(city, "--set", "clusters=6", "--set", "subgroups=1") == 0
    named = names_of(query)
    assert named["A"][1:] == ("rule", "needs_review")
    assert "Leafy Suburbs" not in {row[0] for row in named.values()}
    assert rerun(city) == 0
    assert names_of(query)["A"] == ("Leafy Suburbs", "analyst", "approved")


def test_a_refresh_leaves_nothing_for_the_next_run_to_do(city, command, rerun, capsys):
    assert command("names", "set", "A", "Leafy Suburbs", "--output", city).code == 0
    assert rerun(city) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert not (city / "history").exists()


def test_a_name_by_hand_that_fails_a_check_stands_only_with_a_note(
    city, command, query
):
    long = ["names", "set", "A", "A Name Far Too Long", "--output", city]
    outcome = command(*long)
    assert "needs_review" in outcome.out
    assert names_of(query)["A"][1:] == ("rule", "needs_review")
    assert command(*long, "--note", "The council calls it so").code == 0
    assert names_of(query)["A"] == ("A Name Far Too Long", "analyst", "approved")
    note = query("select reviewer_note from census.cluster_names where cluster = 'A'")
    assert note == [("The council calls it so",)]


def test_an_unknown_cluster_names_the_nearest(city, command):
    outcome = command("names", "set", "A3", "Leafy Suburbs", "--output", city)
    assert outcome.code == 1
    assert "There is no cluster A3. Did you mean A" in outcome.err


def test_an_approved_name_is_neither_asked_for_nor_overwritten(
    city, command, server, llm, good_names, tmp_path, query
):
    assert command("names", "set", "A", "Leafy Suburbs", "--output", city).code == 0
    server.behave = lambda body, codes: good_names(codes)
    assert llm("--again").code == 0
    assert "A" not in [code for r in server.requests for code in asked(r)]
    rows = json.loads(good_names(["A"]))["clusters"]
    command("names", "apply", save(tmp_path, rows), "--output", city)
    assert names_of(query)["A"] == ("Leafy Suburbs", "analyst", "approved")


def asked(body):
    """Return the clusters of a request, as the prompt lists them."""
    found = re.search(r"groups: (.*)\n", body["input"])
    return found[1].split(", ")


def test_a_review_accepts_edits_rewrites_and_skips(
    city, command, server, llm, good_names, query, monkeypatch
):
    server.behave = lambda body, codes: good_names(codes)
    assert llm().code == 0
    type_in(
        monkeypatch,
        *["a", "well said"],  # A
        *["e", "Better B", "It is a better place.", ""],  # B
        *["r", "Fresh Start", "", ""],  # A1
        *["s"],  # A2
        *["q"],
    )
    outcome = command("names", "review", "--output", city)
    assert outcome.code == 0, outcome.err
    assert "claim" in outcome.out
    assert "supported" in outcome.out
    named = names_of(query)
    assert named["A"] == ("Type A", "llm", "approved")
    assert named["B"] == ("Better B", "analyst", "approved")
    assert named["A1"] == ("Fresh Start", "analyst", "approved")
    assert named["A2"] == ("Type A2", "llm", "draft")
    note = query("select reviewer_note from census.cluster_names where cluster = 'A'")
    assert note == [("well said",)]


def test_a_doubtful_name_is_accepted_with_a_note_only(
    city, command, good_names, tmp_path, query, monkeypatch
):
    rows = json.loads(good_names(CLUSTERS))["clusters"]
    rows[0]["name"] = "A Name Far Too Long"
    command("names", "apply", save(tmp_path, rows), "--output", city)
    type_in(monkeypatch, "a", "It is what people say", "q")
    outcome = command("names", "review", "--output", city)
    assert "! the name has more than 3 words" in outcome.out
    assert names_of(query)["A"] == ("A Name Far Too Long", "reply", "approved")


def test_a_review_that_is_broken_off_keeps_what_was_decided(
    city, command, query, monkeypatch
):
    type_in(monkeypatch, "r", "Fresh Start", "", "")  # then the input ends
    outcome = command("names", "review", "--output", city)
    assert outcome.code == 130
    assert names_of(query)["A"] == ("Fresh Start", "analyst", "approved")


def test_a_rules_name_can_be_approved(city, command, query, monkeypatch):
    rule_name = names_of(query)["A"][0]
    type_in(monkeypatch, "a", "", "q")
    assert command("names", "review", "--output", city).code == 0
    assert names_of(query)["A"] == (rule_name, "rule", "approved")


def test_rule_portraits_pass_their_own_checks(city, command, query, monkeypatch):
    type_in(monkeypatch, *["a", ""] * 6)
    assert command("names", "review", "--output", city).code == 0
    assert query("from census.name_problems") == []
    assert query(
        "select count(*) from census.name_mentions where verdict = 'supported'"
    ) > [(6,)]


def test_show_lists_names_and_portraits(city, command):
    assert "status" in command("names", "show", "--output", city).out
    outcome = command("names", "show", "--portraits", "--output", city)
    assert "This is the larg" in outcome.out


def test_a_broken_file_of_names_is_said_to_be_broken(city, command, rerun, capsys):
    (city / "census" / "names.json").write_text("[{")
    outcome = command("names", "set", "A", "Leafy Suburbs", "--output", city)
    assert outcome.code == 1
    assert "names.json can't be read as JSON" in outcome.err
    assert rerun(city) == 1
    assert "undo what was last edited by hand" in capsys.readouterr().err


def test_an_unfinished_run_comes_first(city, command):
    (city / ".work.duckdb").write_bytes(b"")
    outcome = command("names", "set", "A", "Leafy Suburbs", "--output", city)
    assert outcome.code == 1
    assert "isn't finished" in outcome.err
    assert not (city / "census" / "names.json").exists()


def test_a_folder_without_results_says_what_to_do(tmp_path, command):
    outcome = command("names", "show", "--output", tmp_path)
    assert outcome.code == 1
    assert "python pipeline.py run" in outcome.err


def test_embedding_clusters_are_named_by_the_same_commands(demo, tmp_path, command):
    output = tmp_path / "outputs"
    outcome = command(
        *["run", "embeddings.portraits", "embeddings.naming_briefs", "--input", demo],
        *["--output", output, "--set", "embeddings.restarts=5"],
    )
    assert outcome.code == 0, outcome.err
    place = ["--output", output, "--job", "embeddings"]
    assert command("names", "prompt", *place).code == 0
    prompt = (output / "embeddings" / "names_prompt.txt").read_text()
    assert "IMD_decile (the deprivation decile)" in prompt
    assert command("names", "set", "A", "Leafy Suburbs", *place).code == 0
    shown = command("names", "show", "--output", output).out
    assert "Leafy Suburbs" in shown
    assert "approved" in shown
    assert "## A Leafy Suburbs" in (output / "embeddings" / "portraits.md").read_text()
    outcome = command("names", "show", "--output", output, "--job", "census")
    assert outcome.code == 1
    assert "holds no clusters to name yet" in outcome.err


def test_an_answer_comes_from_standard_input(
    city, command, good_names, monkeypatch, query
):
    monkeypatch.setattr("sys.stdin", io.StringIO(good_names(CLUSTERS)))
    outcome = command("names", "apply", "-", "--output", city)
    assert outcome.code == 0, outcome.err
    assert names_of(query)["B1"] == ("Type B1", "reply", "draft")
    renewed = "census/cluster_descriptions.csv, census/portraits.md."
    assert outcome.out.endswith(f"{renewed}\n")


def test_an_answer_cut_short_leaves_nothing_out(
    city, command, good_names, tmp_path, query
):
    reply = tmp_path / "reply.txt"
    whole = good_names(CLUSTERS)
    reply.write_text(whole[: whole.index('"B1"')])
    outcome = command("names", "apply", reply, "--output", city)
    assert outcome.code == 0, outcome.err
    assert "The reply breaks off at" in outcome.out.replace("\n", " ")
    assert "left it out" not in outcome.out
    assert names_of(query)["B2"][1:] == ("rule", "draft")


def test_names_go_to_a_spreadsheet_and_back(city, command, tmp_path, query):
    sheet = tmp_path / "names.xlsx"
    assert command("names", "export", sheet, "--output", city).code == 0
    outcome = command("names", "apply", sheet, "--output", city)
    assert "nothing in it differs" in outcome.out.replace("\n", " ")
    book = openpyxl.load_workbook(sheet)
    cells = book["names"]
    assert cells["A2"].value == "A"
    cells["B2"], cells["E2"] = "Riverside", "yes"
    book.save(sheet)
    before = names_of(query)
    outcome = command("names", "apply", sheet, "--output", city)
    assert outcome.code == 0, outcome.err
    assert names_of(query) == before | {"A": ("Riverside", "analyst", "approved")}


def test_the_workshops_prompt_shows_all_variables_and_its_form(city, command):
    outcome = command("names", "prompt", "--style", "workshop", "--output", city)
    assert outcome.code == 0, outcome.err
    prompt = (city / "census" / "names_prompt.txt").read_text()
    assert '{"A": {"name": "…", "description": "…"}' in prompt
    assert prompt.count("v01 Detached house or bungalow: ") == len(CLUSTERS)
    assert "$" not in prompt
    outcome = command("names", "prompt", "--style", "baroque", "--output", city)
    assert "--style baroque: write plain or workshop." in outcome.err


def test_a_name_is_no_markup_no_formula_and_no_control_sequence(city, command, query):
    name = "=cmd|<b>\x1b[31m#"
    outcome = command("names", "set", "A", name, "--note", "odd", "--output", city)
    assert outcome.code == 0, outcome.err
    assert "\x1b" not in outcome.out
    portraits = (city / "census" / "portraits.md").read_text()
    assert "## A =cmd\\|\\<b\\> \\[31m\\#" in portraits
    described = (city / "census" / "cluster_descriptions.csv").read_text()
    assert "'=cmd|<b> [31m#" in described
