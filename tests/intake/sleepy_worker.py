"""A worker that takes up one document and never finishes it; run as a process to be killed."""

import sys
import time
from uuid import UUID

import django

django.setup()

from intake import kinds, services  # noqa: E402 - the apps are ready only here
from intake.types import Job, Judgement  # noqa: E402
from tests.intake.make import toy_kind  # noqa: E402


def _sleep(job: Job) -> Judgement:
    time.sleep(60)
    return Judgement(accepted=True)


if __name__ == "__main__":
    kinds.register(toy_kind(_sleep))
    services.process(UUID(sys.argv[1]))
