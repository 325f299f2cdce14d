"""The cache in Redis. Django makes a client for each question, which costs more than the asking."""

from collections.abc import Sequence
from typing import Any, cast

from django.core.cache.backends import redis


class KeptClient(redis.RedisCacheClient):
    """Keeps one client for writing and one for reading, each with its pool of connections.

    Of several servers it goes on reading from the one it began with.
    """

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._kept: dict[bool, Any] = {}
        self._scripts: dict[str, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client that writes, or that reads."""
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]

    def run(self, script: str, key: str, args: Sequence[Any]) -> Any:
        """Return what a script answers; the server is told it once and then knows it by a hash."""
        if script not in self._scripts:
            self._scripts[script] = self.get_client(key, write=True).register_script(script)
        return self._scripts[script](keys=[key], args=args)


class RedisCache(redis.RedisCache):
    """Django's cache, with clients that are kept."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    def run(self, script: str, key: str, *args: Any) -> Any:
        """Run a script of Redis on what stands under a key: nobody comes between its commands.

        One question to the server. What it keeps there is its own: `get` does not read it.
        """
        kept = cast("KeptClient", self._cache)
        return kept.run(script, self.make_and_validate_key(key), args)
