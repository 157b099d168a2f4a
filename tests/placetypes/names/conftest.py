"""A named city, and a real HTTP server on loopback that plays a language model."""

import json
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import pipeline

FOLDER = Path(__file__).parent
KEY = "sk-secret-key-of-the-test-0123456789"
VARIABLES = [
    "Detached house or bungalow",
    "Flat maisonette or apartment",
    "Social rented",
    "SOC: 1. Managers directors and senior officials",
    "2 or more cars or vans in household",
]
TYPES = [
    [60, 10, 10, 40, 40],
    [40, 20, 5, 60, 20],
    [10, 50, 40, 10, 10],
    [5, 40, 60, 20, 5],
]
TABLES = ["census.portraits", "census.naming_briefs", "census.run_summary"]
PARAMETERS = [
    *["--set", "region=West", "--set", "clusters=2", "--set", "subgroups=2"],
    *["--set", "restarts=5"],
]


def run_city(folder: Path, output: Path, *more: str) -> int:
    """Run the job on the small city as far as its portraits."""
    arguments = ["--input", str(folder), "--output", str(output)]
    return pipeline.main(["run", *TABLES, *arguments, *PARAMETERS, *more])


@pytest.fixture(scope="session")
def city_files(small_city_files, tmp_path_factory) -> Path:
    """Give the small city's files, its variables named as in a census."""
    folder = tmp_path_factory.mktemp("named") / "input"
    shutil.copytree(small_city_files, folder)
    rows = [f"v0{n},{name},Homes" for n, name in enumerate(VARIABLES, 1)]
    text = "\n".join(["No.,Variable_Name,Domain", *rows, ""])
    (folder / "census_variable_lookup.csv").write_text(text)
    # Four types of areas, so that every cluster stands out by something for certain.
    path = folder / "uk_census_data.parquet"
    census = pd.read_parquet(path)
    types = np.array(TYPES)[np.arange(len(census)) % len(TYPES)]
    noise = np.random.default_rng(0).uniform(0, 4, census.shape)
    pd.DataFrame(
        (types + noise).round(2), index=census.index, columns=census.columns
    ).to_parquet(path)
    return folder


@pytest.fixture(scope="session")
def city_output(city_files, tmp_path_factory) -> Path:
    """Run the job once."""
    output = tmp_path_factory.mktemp("named_output")
    assert run_city(city_files, output) == 0
    return output


@pytest.fixture
def city(city_output, tmp_path) -> Path:
    """Give a fresh copy of the city's results."""
    return Path(shutil.copytree(city_output, tmp_path / "outputs"))


@pytest.fixture
def query(city) -> Callable[[str], list[tuple[Any, ...]]]:
    """Give a function that queries the published database."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(city / "placetypes.duckdb", read_only=True) as opened:
            return opened.execute(sql).fetchall()

    return run


@pytest.fixture
def truth(query) -> dict[str, list[dict[str, str]]]:
    """Give for each cluster a true claim or more."""
    claims: dict[str, list[dict[str, str]]] = {}
    rows = query(
        "select cluster, variable, direction from census.distinctive_variables"
    )
    for cluster, variable, direction in rows:
        claims.setdefault(cluster, []).append(
            {"variable": variable, "direction": direction}
        )
    return claims


class ModelServer:
    """A server that speaks both protocols and does what the test tells it to.

    `behave(body, clusters)` returns the reply's text, or a number for an HTTP status,
    or the word "drop", or bytes to send as they are, or a dict as the whole response,
    or a function that answers by itself, given the handler.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.running = self.most_at_a_time = 0
        self.retry_after: str | None = None
        self.wait = 0.0
        self.behave: Callable[[dict[str, Any], list[str]], Any] = lambda body, codes: ""
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(FOLDER / "self_signed.pem")
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return what names.base_url is to be."""
        return f"{self.scheme}://127.0.0.1:{self.server.server_address[1]}/v1"

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return the class that handles requests."""
        play = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                with play.lock:
                    play.requests.append(body)
                    play.headers.append(
                        {name.lower(): text for name, text in self.headers.items()}
                    )
                    play.paths.append(self.path)
                    play.running += 1
                    play.most_at_a_time = max(play.most_at_a_time, play.running)
                time.sleep(play.wait)
                try:
                    self.answer(play.behave(body, asked(body)))
                except OSError:
                    pass  # the client has hung up
                finally:
                    with play.lock:
                        play.running -= 1

            def answer(self, what: Any) -> None:
                if what == "drop":
                    self.connection.close()
                    return
                if callable(what):
                    what(self)
                    return
                status = what if isinstance(what, int) else 200
                if isinstance(what, int):
                    what = {"error": {"message": f"status {what} of {KEY}", "code": ""}}
                if isinstance(what, str):
                    what = good_response(self.path, what)
                payload = what if isinstance(what, bytes) else json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(payload)))
                kind = "text/html" if isinstance(what, bytes) else "application/json"
                self.send_header("Content-Type", kind)
                if play.retry_after:
                    self.send_header("Retry-After", play.retry_after)
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


def asked(body: dict[str, Any]) -> list[str]:
    """Return the clusters that a request asks for, from the schema that it sends."""
    if "text" in body:
        schema = body["text"]["format"]["schema"]
    else:
        schema = body["response_format"]["json_schema"]["schema"]
    return schema["properties"]["clusters"]["items"]["properties"]["cluster"]["enum"]


def good_response(path: str, text: str) -> dict[str, Any]:
    """Return a whole response of the protocol that a path belongs to."""
    if path.endswith("/responses"):
        return response(text=text)
    return completion(text=text)


def response(
    text: str = "", status: str = "completed", refusal: str = "", reason: str = ""
) -> dict[str, Any]:
    """Return a response of /responses."""
    part = (
        {"type": "refusal", "refusal": refusal}
        if refusal
        else {"type": "output_text", "text": text, "annotations": []}
    )
    message = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [part],
    }
    return {
        "id": "r",
        "object": "response",
        "created_at": 0,
        "model": "played",
        "status": status,
        "incomplete_details": {"reason": reason} if reason else None,
        "error": None,
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "usage": {
            "input_tokens": 11,
            "output_tokens": 7,
            "total_tokens": 18,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def completion(
    text: str | None = "", finish: str = "stop", refusal: str | None = None
) -> dict[str, Any]:
    """Return a response of /chat/completions."""
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "played",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }


def refusal_of(protocol: str) -> dict[str, Any]:
    """Return a refusal."""
    if protocol == "responses":
        return response(refusal="I would rather not.")
    return completion(None, refusal="I would rather not.")


def truncated_of(protocol: str) -> dict[str, Any]:
    """Return a reply that was cut short."""
    if protocol == "responses":
        return response('{"clus', "incomplete", reason="max_output_tokens")
    return completion('{"clus', "length")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Start a server."""
    play = ModelServer()
    yield play
    play.close()


@pytest.fixture
def tls_server() -> Iterator[ModelServer]:
    """Start a server with a certificate that no one trusts."""
    play = ModelServer(tls=True)
    yield play
    play.close()


@pytest.fixture
def played() -> dict[str, Callable[[str], dict[str, Any]]]:
    """Give the responses that aren't good ones, by protocol."""
    return {"refusal": refusal_of, "truncated": truncated_of}


@pytest.fixture
def good_names(truth) -> Callable[[list[str]], str]:
    """Give a function that returns a good reply for some clusters."""

    def write(codes: list[str]) -> str:
        return json.dumps(
            {
                "clusters": [
                    {
                        "cluster": code,
                        "name": f"Type {code}",
                        "portrait": "It is a place of its own.",
                        "claims": truth[code][:1],
                    }
                    for code in codes
                ]
            }
        )

    return write


@pytest.fixture
def rerun(city_files) -> Callable[..., int]:
    """Give a function that runs the city's job again with other parameters."""
    return lambda output, *more: run_city(city_files, output, *more)


@pytest.fixture
def key(monkeypatch) -> str:
    """Put a key into the environment."""
    monkeypatch.setenv("TEST_KEY", KEY)
    return KEY


@pytest.fixture
def llm(city, command, server, key) -> Callable[..., Any]:
    """Give a function that runs `names llm --yes` against the server."""

    def run(*more: str, protocol: str = "responses") -> Any:
        return command(
            *["names", "llm", "--yes", "--output", city],
            *["--set", f"names.base_url={server.url}"],
            *["--set", f"names.protocol={protocol}"],
            *["--set", "names.key_variable=TEST_KEY", "--set", "names.retries=0"],
            *more,
        )

    return run
