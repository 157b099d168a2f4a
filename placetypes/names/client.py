"""One request to a language model, by OpenAI's own client."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from placetypes.names.prompt import Question
from placetypes.names.settings import OPENAI_HOST, Settings, without_key
from placetypes.yaml_files import read_yaml

if TYPE_CHECKING:
    import openai

TROUBLES = read_yaml(Path(__file__).with_name("troubles.yml"))
NAMED_IN_SENTENCES = ("model", "protocol", "key_variable", "timeout")


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
        self.is_final = is_final


def trouble(kind: str, settings: Settings, words: object = "", **more: str) -> AskError:
    """Return the error of a kind of trouble; `words` are a server's or a library's."""
    row = TROUBLES[kind]
    line = " ".join(str(words).split()).rstrip(".")
    sentence = row["sentence"].format(
        host=settings.host,
        words=line if len(line) <= 200 else f"{line[:200]}…",
        other="chat" if settings.protocol == "responses" else "responses",
        **{name: getattr(settings, name) for name in NAMED_IN_SENTENCES},
        **more,
    )
    verdict = f"HTTP {more['status']}" if "status" in more else kind
    return AskError(verdict, sentence, is_final=row.get("final", False))


def connect(settings: Settings, key: str | None) -> openai.OpenAI:
    """Return a client for the server of the settings and no other."""
    from openai import OpenAI

    from placetypes.names.bounded import bounded_client

    client = OpenAI(
        api_key=key or "none",  # the client insists; a server without keys ignores it
        base_url=settings.base_url,
        timeout=settings.timeout,
        max_retries=settings.retries,
        http_client=bounded_client(settings.timeout),
    )
    if settings.host != OPENAI_HOST:
        # The client takes these from the environment; they are OpenAI's business only.
        client.organization = client.project = None
    return client


def ask(
    client: openai.OpenAI, question: Question, settings: Settings, key: str | None
) -> Answer:
    """Send one request. Raises AskError, in which the key never stands."""
    from placetypes.names.bounded import within

    call = by_responses if settings.protocol == "responses" else by_chat
    try:
        answer = within(settings.most_seconds, lambda: call(client, question, settings))
    except Exception as error:  # whatever it is, it ends in a sentence
        found = error if isinstance(error, AskError) else explain(error, settings)
        words = without_key(str(found), key)
        raise AskError(found.verdict, words, is_final=found.is_final) from None
    return answer._replace(text=without_key(answer.text, key))


def by_responses(
    client: openai.OpenAI, question: Question, settings: Settings
) -> Answer:
    """Ask by POST /responses."""
    limit = settings.max_output_tokens
    response = client.responses.create(
        model=settings.model,
        input=question.text,
        store=False,
        text={"format": {"type": "json_schema", **form_of(question)}},
        **({"max_output_tokens": limit} if limit else {}),
    )
    for item in response.output:
        for part in getattr(item, "content", None) or []:
            if part.type == "refusal":
                raise trouble("refused", settings, part.refusal)
    if response.status == "failed":
        raise trouble("failed", settings, getattr(response.error, "message", "?"))
    if response.status == "incomplete":
        reason = getattr(response.incomplete_details, "reason", None)
        raise cut_short(reason, settings)
    used = response.usage
    tokens = [getattr(used, f"{way}_tokens", None) for way in ("input", "output")]
    return whole(response.output_text, tokens, settings)


def by_chat(client: openai.OpenAI, question: Question, settings: Settings) -> Answer:
    """Ask by POST /chat/completions."""
    limit = settings.max_output_tokens
    response = client.chat.completions.create(
        model=settings.model,
        messages=[{"role": "user", "content": question.text}],
        response_format={"type": "json_schema", "json_schema": form_of(question)},
        **({"max_completion_tokens": limit} if limit else {}),
    )
    choice = response.choices[0]
    if getattr(choice.message, "refusal", None):
        raise trouble("refused", settings, choice.message.refusal)
    if choice.finish_reason in ("length", "content_filter"):
        raise cut_short(choice.finish_reason, settings)
    used = response.usage
    tokens = [getattr(used, f"{way}_tokens", None) for way in ("prompt", "completion")]
    return whole(choice.message.content, tokens, settings)


def form_of(question: Question) -> dict[str, object]:
    """Return the form that a reply must have, as both protocols take it."""
    return {"name": "names", "strict": True, "schema": question.schema}


def cut_short(reason: str | None, settings: Settings) -> AskError:
    """Say that the reply isn't whole."""
    kind = "filtered" if reason == "content_filter" else "truncated"
    return trouble(kind, settings)


def whole(text: str | None, tokens: list[int | None], settings: Settings) -> Answer:
    """Return the answer, if there is one."""
    if not (text or "").strip():
        raise trouble("empty", settings)
    return Answer(text, *tokens)


def explain(error: Exception, settings: Settings) -> AskError:
    """Turn what the client raised into a sentence that says what to do."""
    import openai

    from placetypes.names.bounded import UnreadReplyError

    match error:
        case openai.APITimeoutError() | TimeoutError():
            return trouble("timeout", settings)
        case UnreadReplyError():
            return trouble("unread", settings, error)
        case openai.APIConnectionError():
            causes = chain(error)
            is_tls = any(is_about_tls(cause) for cause in causes)
            kind = "TLS" if is_tls else "no connection"
            return trouble(kind, settings, causes[-1])
        case openai.APIStatusError():
            return bad_status(error, settings)
        case openai.APIResponseValidationError():
            return trouble("not the protocol", settings)
        case ValueError() | AttributeError() | TypeError() | LookupError():
            return trouble("not the protocol", settings)
    return trouble("unknown", settings, f"{type(error).__name__}: {error}")


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
    status, headers = error.status_code, error.response.headers
    body = error.body if isinstance(error.body, dict) else {}
    words = body.get("message") if isinstance(body.get("message"), str) else ""
    words = words or headers.get("location") or error.message
    kind = f"HTTP {status}"
    if status == 429 and "quota" in f"{error.code} {words}":
        kind = "no credit"
    elif kind not in TROUBLES:
        kind = f"HTTP {min(max(status // 100, 3), 5)}xx"
    wait = headers.get("retry-after")
    later = f"in {wait} s" if wait else "later"
    return trouble(kind, settings, words, status=str(status), later=later)
