"""One request to a language model, by OpenAI's own client."""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from placetypes.errors import PlacetypesError
from placetypes.names.prompt import Question

if TYPE_CHECKING:
    import openai

OPENAI_HOST = "api.openai.com"
OPENAI_KEY = "OPENAI_API_KEY"


@dataclass(frozen=True)
class Settings:
    """How to ask: the table [names] of pipeline.toml."""

    model: str
    base_url: str
    protocol: str
    key_variable: str
    prompt: str
    clusters_per_request: int
    requests: int
    timeout: float
    retries: int
    max_output_tokens: int

    @property
    def host(self) -> str:
        """Return the host that is asked. Raises PlacetypesError for no address."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PlacetypesError(
                f"names.base_url: {self.base_url} is no address; write one such as "
                "http://localhost:11434/v1."
            )
        return parts.netloc.rpartition("@")[2]

    @property
    def sends_key(self) -> bool:
        """Tell whether a key goes along: OpenAI's own goes nowhere else."""
        return self.host == OPENAI_HOST or self.key_variable != OPENAI_KEY


class Answer(NamedTuple):
    """What came back."""

    text: str
    input_tokens: int | None
    output_tokens: int | None


class AskError(Exception):
    """A request failed; the message is a sentence that says what to do."""

    def __init__(self, verdict: str, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.verdict = verdict
        self.is_final = is_final  # the next request would fail in the same way


def read_key(settings: Settings, folder: Path) -> str | None:
    """Return the key from the environment or the folder's `.env`, None for no key.

    Raises PlacetypesError where one is needed and there is none that can be sent.
    """
    if not settings.sends_key:
        return None
    name = settings.key_variable
    key = (os.environ.get(name) or read_env(folder / ".env").get(name, "")).strip()
    if not key:
        raise PlacetypesError(
            f"{name} is not set: put it into the environment or, as {name}=…, into the "
            "file .env beside pipeline.py. `names prompt` needs no key."
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise PlacetypesError(
            f"{name} holds blanks or characters that no key has; copy it again."
        )
    return key


def read_env(path: Path) -> dict[str, str]:
    """Read lines such as NAME=value, with or without export and quotes."""
    if not path.is_file():
        return {}
    pairs = re.findall(
        r"""^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$""", path.read_text("utf-8"), re.M
    )
    return {name: value.strip("\"'") for name, value in pairs}


def connect(settings: Settings, key: str | None) -> openai.OpenAI:
    """Return a client for the server of the settings and no other."""
    from openai import OpenAI

    client = OpenAI(
        api_key=key or "none",  # the client insists; a server without keys ignores it
        base_url=settings.base_url,
        timeout=settings.timeout,
        max_retries=settings.retries,
    )
    if settings.host != OPENAI_HOST:
        # The client takes these from the environment; they are OpenAI's business only.
        client.organization = client.project = None
    return client


def ask(
    client: openai.OpenAI, question: Question, settings: Settings, key: str | None
) -> Answer:
    """Send one request. Raises AskError, in which the key never stands."""
    call = call_responses if settings.protocol == "responses" else call_chat
    try:
        answered = call(client, question, settings)
        return answered._replace(text=without_key(answered.text, key))
    except AskError as error:
        raise AskError(
            error.verdict, without_key(str(error), key), is_final=error.is_final
        ) from None
    except Exception as error:  # whatever it is, it ends in a sentence
        explained = explain(error, settings)
        raise AskError(
            explained.verdict,
            without_key(str(explained), key),
            is_final=explained.is_final,
        ) from None


def without_key(text: str, key: str | None) -> str:
    """Blot out the key, should a server have sent it back."""
    return text.replace(key, "(key)") if key else text


def call_responses(
    client: openai.OpenAI, question: Question, settings: Settings
) -> Answer:
    """Ask by POST /responses."""
    limit = settings.max_output_tokens
    response = client.responses.create(
        model=settings.model,
        input=question.text,
        store=False,
        text={
            "format": {
                "type": "json_schema",
                "name": "names",
                "strict": True,
                "schema": question.schema,
            }
        },
        **({"max_output_tokens": limit} if limit else {}),
    )
    if not hasattr(response, "output") or response.output is None:
        raise not_the_protocol(settings)
    for item in response.output:
        for part in getattr(item, "content", None) or []:
            if part.type == "refusal":
                raise refused(part.refusal)
    if response.status == "incomplete":
        raise cut_short(getattr(response.incomplete_details, "reason", None))
    if response.status == "failed":
        message = getattr(response.error, "message", None) or "no reason given"
        raise AskError("failed", f"{settings.host} gave up: {message}. Run it again.")
    usage = response.usage
    return answer(
        response.output_text,
        getattr(usage, "input_tokens", None),
        getattr(usage, "output_tokens", None),
    )


def call_chat(client: openai.OpenAI, question: Question, settings: Settings) -> Answer:
    """Ask by POST /chat/completions."""
    limit = settings.max_output_tokens
    response = client.chat.completions.create(
        model=settings.model,
        messages=[{"role": "user", "content": question.text}],
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "names",
                "strict": True,
                "schema": question.schema,
            },
        },
        **({"max_completion_tokens": limit} if limit else {}),
    )
    if not getattr(response, "choices", None):
        raise not_the_protocol(settings)
    choice = response.choices[0]
    if getattr(choice.message, "refusal", None):
        raise refused(choice.message.refusal)
    if choice.finish_reason in ("length", "content_filter"):
        raise cut_short(choice.finish_reason)
    usage = response.usage
    return answer(
        choice.message.content,
        getattr(usage, "prompt_tokens", None),
        getattr(usage, "completion_tokens", None),
    )


def answer(text: str | None, read: int | None, written: int | None) -> Answer:
    """Return the answer, if there is one."""
    if not (text or "").strip():
        raise AskError(
            "empty",
            "The model sent an empty reply; run it again, or try another model.",
        )
    return Answer(text, read, written)


def refused(words: str) -> AskError:
    """Say that the model refused."""
    return AskError(
        "refused",
        f"The model refused: “{shortened(words)}”. Try another model with "
        "--set names.model=…, or `names prompt`.",
    )


def cut_short(reason: str | None) -> AskError:
    """Say that the reply isn't whole."""
    if reason == "content_filter":
        return AskError(
            "filtered",
            "The server's content filter cut the reply short; try another model with "
            "--set names.model=….",
        )
    return AskError(
        "truncated",
        "The reply was cut short at the limit of tokens; ask for fewer clusters at a "
        "time with --set names.clusters_per_request=2, or raise "
        "names.max_output_tokens.",
    )


def not_the_protocol(settings: Settings) -> AskError:
    """Say that the server answered something else altogether."""
    other = "chat" if settings.protocol == "responses" else "responses"
    return AskError(
        "not the protocol",
        f"{settings.host} answered with something that isn't the {settings.protocol} "
        f"protocol; check names.base_url (it often ends in /v1) or try --set "
        f"names.protocol={other}.",
        is_final=True,
    )


def explain(error: Exception, settings: Settings) -> AskError:
    """Turn what the client raised into a sentence that says what to do."""
    import openai

    match error:
        case openai.APITimeoutError():
            return AskError(
                "timeout",
                f"{settings.host} did not answer within {settings.timeout:g} s; run it "
                "again, or wait longer with --set names.timeout=600.",
            )
        case openai.APIConnectionError():
            return no_connection(error, settings)
        case openai.APIStatusError():
            return bad_status(error, settings)
        case openai.APIResponseValidationError() | ValueError() | AttributeError():
            return not_the_protocol(settings)
    return AskError(
        type(error).__name__,
        f"The request to {settings.host} failed ({shortened(str(error))}); run it "
        "again.",
    )


def no_connection(error: Exception, settings: Settings) -> AskError:
    """Say why there is no connection: a certificate, or anything else."""
    causes = list(chain(error))
    if any(is_about_tls(cause) for cause in causes):
        return AskError(
            "TLS",
            f"The certificate of {settings.host} is not trusted "
            f"({shortened(str(causes[-1]))}); if your network has a certificate of its "
            "own, name its file in the environment variable SSL_CERT_FILE.",
            is_final=True,
        )
    return AskError(
        "no connection",
        f"No connection to {settings.host}, or it broke "
        f"({shortened(str(causes[-1]))}); check names.base_url, that the server runs, "
        "and the proxy (HTTPS_PROXY).",
    )


def chain(error: BaseException | None) -> list[BaseException]:
    """Return an exception and what led to it, the deepest last."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def is_about_tls(error: BaseException) -> bool:
    """Tell whether an exception comes from the encryption."""
    return isinstance(error, ssl.SSLError) or "SSL" in str(error).upper().split(":")[0]


def bad_status(error: openai.APIStatusError, settings: Settings) -> AskError:
    """Say what an HTTP status means and what to do."""
    status, host = error.status_code, settings.host
    verdict, words = f"HTTP {status}", shortened(message_of(error))
    if status in (401, 403):
        return AskError(
            verdict,
            f"{host} refused the key (HTTP {status}: {words}); check "
            f"{settings.key_variable}.",
            is_final=True,
        )
    if status == 404:
        return AskError(
            verdict,
            f"{host} does not know the model {settings.model} or the address "
            f"(HTTP 404: {words}); check names.model, names.base_url and "
            "names.protocol.",
            is_final=True,
        )
    if status == 429 and "quota" in f"{error.code} {words}":
        return AskError(
            verdict,
            f"The account at {host} has no credit left (HTTP 429: {words}); top it up, "
            "or use `names prompt`.",
            is_final=True,
        )
    if status == 429:
        wait = error.response.headers.get("retry-after")
        return AskError(
            verdict,
            f"{host} asks for patience (HTTP 429: {words}); run it again "
            + (f"in {wait} s" if wait else "later")
            + ", or lower names.requests.",
            is_final=True,
        )
    if status >= 500:
        return AskError(
            verdict,
            f"{host} has trouble of its own (HTTP {status}: {words}); run it again "
            "later.",
        )
    return AskError(
        verdict,
        f"{host} did not accept the request (HTTP {status}: {words}); check "
        "names.model and names.protocol.",
        is_final=True,
    )


def message_of(error: openai.APIStatusError) -> str:
    """Return the server's own words, without the JSON around them."""
    body: Any = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return body["message"]
    return error.message


def shortened(text: str) -> str:
    """Put a text on one line of at most 200 characters."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 200 else f"{line[:200]}…"
