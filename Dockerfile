# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrations; the command chooses.

FROM node:22-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress
COPY . .
RUN node frontend/build.mjs

FROM python:3.12-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/base.txt

FROM packages AS words
WORKDIR /app
COPY requirements/dev.txt /tmp/dev.txt
COPY locale locale
COPY imas/local imas/local
# polib alone: the compiled words need no GNU gettext.
RUN grep -A 3 '^polib==' /tmp/dev.txt | sed -n '/^polib==/,/[^\\]$/p' > /tmp/polib.txt \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/polib.txt \
    && /venv/bin/python imas/local/words.py

FROM packages AS compiled
WORKDIR /app
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
COPY requirements/dev.txt /tmp/dev.txt
COPY isaf/quick isaf/quick
COPY imas/local imas/local
# Cython and setuptools alone; neither they nor the compiler come into the image.
RUN sed -n -e '/^cython==/,/[^\\]$/p' -e '/^setuptools==/,/[^\\]$/p' /tmp/dev.txt > /tmp/build.txt \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/build.txt \
    && /venv/bin/python imas/local/compiled.py

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EMBEDDED=false \
    MALLOC_ARENA_MAX=1 \
    MALLOC_TRIM_THRESHOLD_=3145728 \
    MALLOC_MMAP_THRESHOLD_=2097152 \
    VAR_DIR=/var/lib/imas \
    STATIC_ROOT=/app/staticfiles
RUN useradd --system --uid 10001 --home-dir /var/lib/imas --create-home imas
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front /app/static/build static/build
COPY --from=words /app/locale locale
COPY --from=compiled /app/isaf/quick isaf/quick
# Any values do: the static files depend on none of them, and nothing of them stays in the image.
RUN DATABASE_URL=postgres://none REDIS_URL=redis://none SECRET_KEY=none PERSONAL_DATA_KEYS=none \
    PERSONAL_LOOKUP_KEY=none python manage.py collectstatic --noinput --verbosity 0
USER imas
VOLUME /var/lib/imas
EXPOSE 8000
CMD ["gunicorn", "imas.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "4", "--threads", "4", "--timeout", "300", \
     "--keep-alive", "75"]
