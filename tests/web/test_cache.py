"""Clients of the cache are made once; what is kept comes back, in whatever thread."""

from threading import Thread

from django.conf import settings
from django.core.cache import cache

from imas.web.cache import KeptClient


def test_a_client_is_made_once() -> None:
    kept = KeptClient([settings.REDIS_URL])
    assert kept.get_client("a", write=True) is kept.get_client("b", write=True)
    assert kept.get_client("a") is kept.get_client("b")


def test_a_thread_finds_what_another_has_kept() -> None:
    cache.set("tests.cache", {"some": "value"}, 30)
    assert cache.add("tests.cache", 1, 30) is False
    found: list[object] = []
    asking = Thread(target=lambda: found.append(cache.get("tests.cache")))
    asking.start()
    asking.join()
    assert found == [{"some": "value"}]
