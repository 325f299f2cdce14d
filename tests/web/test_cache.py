"""Clients of the cache are made once; what is kept comes back, in whatever thread."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.cache import cache

from imas.web.cache import KeptClient


def test_a_client_is_made_once() -> None:
    kept = KeptClient([settings.REDIS_URL])
    assert kept.get_client("a", write=True) is kept.get_client("b", write=True)
    assert kept.get_client("a") is kept.get_client("b")


def test_many_threads_may_share_it() -> None:
    kept, mark = KeptClient([settings.REDIS_URL]), uuid.uuid4().hex

    def keep(number: int) -> int:
        kept.set(f"{mark}.{number}", number, 30)
        return int(kept.get(f"{mark}.{number}", -1))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(keep, range(200))) == list(range(200))


def test_the_cache_gives_back_what_it_keeps() -> None:
    cache.set("some", {"key": "value"}, 30)
    assert cache.add("some", 1, 30) is False
    assert cache.get("some") == {"key": "value"}


def test_a_script_the_server_has_not_seen_counts_for_everybody() -> None:
    kept, mark = KeptClient([settings.REDIS_URL]), uuid.uuid4().hex
    counted = "redis.call('EXPIRE', KEYS[1], 30) return redis.call('INCRBY', KEYS[1], ARGV[1])"
    script = f"-- {mark}\n{counted}"
    assert kept.run(script, mark, [2]) == 2
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _time: kept.run(script, mark, [1]), range(200)))) == 200
    assert kept.run(script, mark, [0]) == 202
