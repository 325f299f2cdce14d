"""Is the process alive, and may it get requests."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis import RedisError

logger = logging.getLogger(__name__)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the process answers; asks nobody else."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether the database, its migrations and Redis are there; 503 when one is not."""
    checks = {"database": _database(), "migrations": _migrations(), "redis": _redis()}
    ready = all(checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not-ready", "checks": checks},
        status=200 if ready else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("ready.database-away", exc_info=True)
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _redis() -> bool:
    try:
        cache.get("ready")
    except RedisError:
        logger.warning("ready.redis-away", exc_info=True)
        return False
    return True
