"""Where to ask and with which key: the table [names] of pipeline.toml."""

import base64
import html
import os
import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from placetypes.errors import PlacetypesError

OPENAI_HOST = "api.openai.com"
OPENAI_KEY = "OPENAI_API_KEY"
LONGEST_WAIT = 60  # seconds that the client lets a server's Retry-After make it wait


@dataclass(frozen=True)
class Settings:
    """How to ask."""

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
    def address(self) -> SplitResult:
        """Return the parts of the address. Raises PlacetypesError for no address."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PlacetypesError(
                f"names.base_url: {self.base_url} is no address; write one such as "
                "http://localhost:11434/v1."
            )
        if "@" in parts.netloc:
            raise PlacetypesError(
                "names.base_url holds a user or a password, which would be recorded "
                "with it; put the key into the environment and name its variable with "
                "names.key_variable."
            )
        return parts

    @property
    def host(self) -> str:
        """Return the host that is asked, with its port."""
        return self.address.netloc

    @property
    def is_private(self) -> bool:
        """Tell whether no one between here and the server can read along."""
        name = self.address.hostname or ""
        try:
            is_here = ip_address(name).is_loopback
        except ValueError:
            is_here = name == "localhost"
        return is_here or self.address.scheme == "https"

    @property
    def sends_key(self) -> bool:
        """Tell whether a key goes along: OpenAI's own goes nowhere else."""
        return self.host == OPENAI_HOST or self.key_variable != OPENAI_KEY

    @property
    def most_seconds(self) -> float:
        """Return how long a request may take, repetitions and their waits included."""
        return self.timeout + self.retries * (self.timeout + LONGEST_WAIT)


def read_key(settings: Settings, folder: Path) -> str | None:
    """Return the key from the environment or the folder's `.env`, None for no key.

    Raises PlacetypesError where one is needed and there is none that can be sent.
    """
    if not settings.sends_key:
        return None
    name = settings.key_variable
    if not settings.is_private:
        raise PlacetypesError(
            f"names.base_url: {settings.base_url} would carry the key of {name} over "
            "the network for anyone to read; write https://, or reach the server "
            "through a tunnel at localhost."
        )
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


def without_key(text: str, key: str | None) -> str:
    """Blot out the key, should a server have sent it back, in whatever escaped form."""
    if not key:
        return text
    forms = [
        rf"(?:{re.escape(c)}|{re.escape(html.escape(c))}|\\+{re.escape(c)}"
        rf"|\\+u00{ord(c):02x}|\\+x{ord(c):02x}|%{ord(c):02x}"
        rf"|&#0*{ord(c)};|&#x0*{ord(c):x};)"
        for c in key
    ]
    packed = base64.b64encode(key.encode()).decode().rstrip("=")
    return re.sub(f"{''.join(forms)}|{re.escape(packed)}", "(key)", text, flags=re.I)
