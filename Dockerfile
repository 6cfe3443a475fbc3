# Two stages: packages are installed where pip is, and run where it is not needed. No absolute interpreter paths.
FROM docker.io/library/python:3.11-slim AS bouw
WORKDIR /srv/veldboek
COPY requirements/runtime.lock requirements/
RUN python -m venv --copies .venv \
 && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/runtime.lock

FROM docker.io/library/python:3.11-slim
RUN groupadd --system --gid 10001 veldboek \
 && useradd --system --uid 10001 --gid veldboek --home-dir /var/lib/veldboek --create-home veldboek
WORKDIR /srv/veldboek
COPY --from=bouw /srv/veldboek/.venv .venv
COPY alembic.ini ./
COPY alembic alembic
COPY app app
COPY docs docs
COPY veldboek_client veldboek_client
USER veldboek
ENV PATH=/srv/veldboek/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VELDBOEK_HOME=/var/lib/veldboek/home \
    HOST=0.0.0.0 \
    PORT=8000 \
    WORKERS=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os,urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/v1/gezondheid/levend', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "app.cli", "start"]
