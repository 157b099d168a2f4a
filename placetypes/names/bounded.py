"""An HTTP client that follows no redirect, and what no server can make endless."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

import httpx2
import openai

MOST_BYTES = 4_000_000  # a reply with names of 50 clusters takes 60,000

Result = TypeVar("Result")


class UnreadReplyError(openai.OpenAIError):
    """A reply that is not read to its end; the client doesn't ask for it again."""


class Bounded(httpx2.SyncByteStream):
    """The bytes of a reply, as many as an answer may have and for as long."""

    def __init__(self, inner: httpx2.SyncByteStream, seconds: float) -> None:
        self.inner, self.end = inner, time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes as they come. Raises where there are too many of them."""
        taken = 0
        for part in self.inner:
            taken += len(part)
            if taken > MOST_BYTES:
                raise UnreadReplyError(f"it has more than {MOST_BYTES:,} bytes")
            if time.monotonic() > self.end:
                raise httpx2.ReadTimeout("the reply goes on and on")
            yield part

    def close(self) -> None:
        """Hang up."""
        self.inner.close()


def bounded_client(seconds: float) -> openai.DefaultHttpxClient:
    """Return an HTTP client whose replies end after so many seconds."""

    def bound(response: httpx2.Response) -> None:
        # Unpacked, a small reply may be huge; so none is taken that is packed.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise UnreadReplyError("it is compressed, though that was not asked for")
        response.stream = Bounded(response.stream, seconds)

    return openai.DefaultHttpxClient(
        follow_redirects=False,  # a prompt goes to the server that was named, only
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [bound]},
    )


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what a function returns. Raises TimeoutError where that takes too long.

    Its thread is left behind then, and ends with the process.
    """
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
