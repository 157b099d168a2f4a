"""The real client against a real server, for both protocols and every failure."""

import base64
import gzip
import html
import time

import pytest

from placetypes.errors import PlacetypesError
from placetypes.names.client import AskError, ask, connect
from placetypes.names.prompt import Question, reply_schema
from placetypes.names.settings import Settings, read_env, read_key, without_key

BOTH = pytest.mark.parametrize("protocol", ["responses", "chat"])
QUESTION = Question(
    "supergroup", ["A", "B"], "Name A and B.", reply_schema(["A", "B"], ["v1"]), "v"
)
SETTINGS = {
    "model": "played",
    "base_url": "",
    "protocol": "responses",
    "key_variable": "TEST_KEY",
    "prompt": "names_v2",
    "clusters_per_request": 5,
    "requests": 2,
    "timeout": 5.0,
    "retries": 0,
    "max_output_tokens": 0,
}


def send(server, protocol, key, **settings):
    """Send one request and return the answer."""
    chosen = Settings(
        **{**SETTINGS, "base_url": server.url, "protocol": protocol, **settings}
    )
    client = connect(chosen, key)
    try:
        return ask(client, QUESTION, chosen, key)
    finally:
        client.close()


def failure(server, protocol, key, **settings):
    """Send one request that fails and return the error; the key is never in it."""
    with pytest.raises(AskError) as caught:
        send(server, protocol, key, **settings)
    assert key not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@BOTH
def test_a_good_reply_comes_back_with_its_tokens(protocol, server, key):
    server.behave = lambda body, codes: f"names of {codes}"
    answer = send(server, protocol, key)
    assert answer == ("names of ['A', 'B']", 11, 7)
    path = {"responses": "/v1/responses", "chat": "/v1/chat/completions"}[protocol]
    assert server.paths == [path]
    assert server.headers[0]["authorization"] == f"Bearer {key}"


@BOTH
def test_the_schema_is_strict_and_lists_every_code(protocol, server, key):
    server.behave = lambda body, codes: "x"
    send(server, protocol, key)
    body = server.requests[0]
    form = (
        body["text"]["format"]
        if protocol == "responses"
        else body["response_format"]["json_schema"]
    )
    assert form["strict"] is True
    cluster = form["schema"]["properties"]["clusters"]["items"]["properties"]
    assert cluster["claims"]["items"]["properties"]["variable"]["enum"] == ["v1"]


def test_nothing_is_to_be_stored(server, key):
    server.behave = lambda body, codes: "x"
    send(server, "responses", key)
    assert server.requests[0]["store"] is False


@BOTH
def test_a_refusal(protocol, server, key, played):
    server.behave = lambda body, codes: played["refusal"](protocol)
    error = failure(server, protocol, key)
    assert error.verdict == "refused"
    assert "I would rather not" in str(error)


@BOTH
def test_a_reply_that_is_cut_short(protocol, server, key, played):
    server.behave = lambda body, codes: played["truncated"](protocol)
    error = failure(server, protocol, key)
    assert error.verdict == "truncated"
    assert "names.clusters_per_request=2" in str(error)


@BOTH
def test_an_empty_reply(protocol, server, key):
    server.behave = lambda body, codes: "  "
    assert failure(server, protocol, key).verdict == "empty"


@BOTH
def test_a_page_that_is_no_reply_at_all(protocol, server, key):
    server.behave = lambda body, codes: b"<html>Welcome to the proxy</html>"
    error = failure(server, protocol, key)
    assert error.verdict == "not the protocol"
    assert "names.base_url" in str(error)


@BOTH
def test_json_of_another_kind_is_no_reply(protocol, server, key):
    server.behave = lambda body, codes: {"hello": "world"}
    assert failure(server, protocol, key).verdict == "not the protocol"


@BOTH
def test_401_says_which_key_to_check_and_does_not_show_it(protocol, server, key):
    server.behave = lambda body, codes: 401  # the server's message holds the key
    error = failure(server, protocol, key)
    assert error.verdict == "HTTP 401"
    assert "check TEST_KEY" in str(error)
    assert "(key)" in str(error)
    assert error.is_final


@BOTH
def test_429_waits_as_long_as_retry_after_says(protocol, server, key):
    server.retry_after = "1"
    replies = iter([429, "names"])
    server.behave = lambda body, codes: next(replies)
    start = time.monotonic()
    assert send(server, protocol, key, retries=1).text == "names"
    assert 0.9 < time.monotonic() - start < 4
    assert len(server.requests) == 2


@BOTH
def test_429_to_the_end_says_how_long_to_wait(protocol, server, key):
    server.retry_after = "77"
    server.behave = lambda body, codes: 429
    error = failure(server, protocol, key)
    assert error.verdict == "HTTP 429"
    assert "run it again in 77 s" in str(error)


def test_429_without_credit_says_so(server, key):
    server.behave = lambda body, codes: 429
    error = failure(server, "responses", key)
    assert "credit" not in str(error)


@BOTH
def test_500_is_the_servers_trouble(protocol, server, key):
    server.behave = lambda body, codes: 500
    error = failure(server, protocol, key)
    assert error.verdict == "HTTP 500"
    assert "run it again later" in str(error)
    assert not error.is_final


@BOTH
def test_404_names_the_model(protocol, server, key):
    server.behave = lambda body, codes: 404
    assert "played" in str(failure(server, protocol, key))


@BOTH
def test_400_names_the_model_and_the_protocol(protocol, server, key):
    server.behave = lambda body, codes: 400
    assert "names.protocol" in str(failure(server, protocol, key))


@BOTH
def test_a_server_that_does_not_answer(protocol, server, key):
    server.wait = 1.0
    error = failure(server, protocol, key, timeout=0.2)
    assert error.verdict == "timeout"
    assert "within 0.2 s" in str(error)


@BOTH
def test_a_connection_that_is_dropped(protocol, server, key):
    server.behave = lambda body, codes: "drop"
    error = failure(server, protocol, key)
    assert error.verdict == "no connection"
    assert "check names.base_url" in str(error)


@BOTH
def test_a_server_that_is_not_there(protocol, server, key):
    server.close()
    assert failure(server, protocol, key).verdict == "no connection"


@BOTH
def test_a_certificate_that_is_not_trusted(protocol, tls_server, key):
    error = failure(tls_server, protocol, key)
    assert error.verdict == "TLS"
    assert "SSL_CERT_FILE" in str(error)
    assert tls_server.requests == []


def settings(**changed):
    """Return settings with some changed."""
    return Settings(**{**SETTINGS, "base_url": "http://localhost:1/v1", **changed})


def test_openais_key_goes_to_openai_only(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    local = settings(key_variable="OPENAI_API_KEY")
    assert read_key(local, tmp_path) is None
    openai = settings(
        key_variable="OPENAI_API_KEY", base_url="https://api.openai.com/v1"
    )
    assert read_key(openai, tmp_path) == "sk-openai"


def test_a_key_is_found_in_env_too(monkeypatch, tmp_path):
    monkeypatch.delenv("TEST_KEY", raising=False)
    (tmp_path / ".env").write_text('# keys\nexport TEST_KEY = "sk-file"\nOTHER=1\n')
    assert read_key(settings(), tmp_path) == "sk-file"
    assert read_env(tmp_path / ".env")["OTHER"] == "1"


@pytest.mark.parametrize(
    ("value", "words"), [("", "TEST_KEY is not set"), ("sk–dash", "copy it again")]
)
def test_a_key_that_cannot_be_sent(value, words, monkeypatch, tmp_path):
    monkeypatch.setenv("TEST_KEY", value)
    with pytest.raises(PlacetypesError, match=words) as caught:
        read_key(settings(), tmp_path)
    assert not value or value not in str(caught.value)


def test_an_address_that_is_none():
    with pytest.raises(PlacetypesError, match="no address"):
        _ = settings(base_url="localhost:11434").host


@BOTH
def test_a_prompt_follows_no_redirect(protocol, server, key):
    def redirect(handler):
        handler.send_response(307)
        handler.send_header("Location", f"{server.url}/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.behave = lambda body, codes: redirect
    error = failure(server, protocol, key)
    assert error.verdict == "HTTP 307"
    assert f"{server.url}/elsewhere" in str(error)
    assert len(server.requests) == 1


def pour(handler, parts):
    """Send a reply without an end, part by part, until the client hangs up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for part in parts:
        handler.wfile.write(part)
        handler.wfile.flush()


def test_a_reply_may_not_be_endless(server, key):
    blocks = (b" " * 65536 for _ in range(1000))
    server.behave = lambda body, codes: lambda handler: pour(handler, blocks)
    error = failure(server, "responses", key, retries=1)
    assert error.verdict == "unread"
    assert "more than 4,000,000 bytes" in str(error)
    assert len(server.requests) == 1
    assert next(blocks, None)  # the rest was never sent


def slowly(parts, seconds):
    """Give parts with a pause before each."""
    for part in parts:
        time.sleep(seconds)
        yield part


def test_a_reply_that_drips_ends_with_the_time(server, key):
    drops = slowly([b" "] * 100, 0.1)
    server.behave = lambda body, codes: lambda handler: pour(handler, drops)
    start = time.monotonic()
    assert failure(server, "chat", key, timeout=0.5).verdict == "timeout"
    assert time.monotonic() - start < 3


def test_so_do_headers_that_drip(server, key):
    def drip(handler):
        for drop in slowly([b"HTTP/1.1 200 OK\r\n", *[b"x"] * 100], 0.1):
            handler.wfile.write(drop)
            handler.wfile.flush()

    server.behave = lambda body, codes: drip
    start = time.monotonic()
    assert failure(server, "chat", key, timeout=0.5).verdict == "timeout"
    assert time.monotonic() - start < 3


def test_a_compressed_reply_is_not_unpacked(server, key):
    def packed(handler):
        body = gzip.compress(b" " * 10_000_000)
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.behave = lambda body, codes: packed
    assert "compressed" in str(failure(server, "responses", key))
    assert server.headers[0]["accept-encoding"] == "identity"


def test_a_key_goes_over_no_open_line(key, tmp_path):
    remote = settings(base_url="http://models.example.org/v1")
    with pytest.raises(PlacetypesError, match="write https://") as caught:
        read_key(remote, tmp_path)
    assert key not in str(caught.value)
    for safe in ("https://models.example.org/v1", "http://127.0.0.1:1/v1"):
        assert read_key(settings(base_url=safe), tmp_path) == key
    without = settings(base_url=remote.base_url, key_variable="OPENAI_API_KEY")
    assert read_key(without, tmp_path) is None


def test_an_address_holds_no_password():
    with pytest.raises(PlacetypesError, match=r"names\.key_variable") as caught:
        _ = settings(base_url="https://me:hush@models.example.org/v1").host
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "escape",
    [
        lambda key: key,
        lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
        lambda key: "".join(f"\\\\U{ord(c):04X}".lower() for c in key),
        lambda key: "".join(f"%{ord(c):02X}" for c in key),
        lambda key: "".join(f"&#{ord(c)};" for c in key),
        lambda key: html.escape(key).replace("/", "\\/"),
        lambda key: base64.b64encode(key.encode()).decode(),
        str.upper,
    ],
)
def test_an_echoed_key_stays_out_in_any_form(escape):
    key = "sk-a/b\"c<d&e+f='0'"
    assert without_key(f"before {escape(key)}", key).startswith("before (key)")
