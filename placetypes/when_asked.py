"""A mapping whose values are made when they are first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Generic, TypeVar

Key, Value = TypeVar("Key"), TypeVar("Value")


class WhenAsked(Mapping[Key, Value], Generic[Key, Value]):
    """Values by key; `make` gives a key's value, once."""

    def __init__(self, keys: Iterable[Key], make: Callable[[Key], Value]) -> None:
        self.known, self.make = dict.fromkeys(keys), cache(make)

    def __getitem__(self, key: Key) -> Value:
        """Return a key's value; whatever making it raises is raised here."""
        if key not in self.known:
            raise KeyError(key)
        return self.make(key)

    def __iter__(self) -> Iterator[Key]:
        """Return the keys."""
        return iter(self.known)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.known)
