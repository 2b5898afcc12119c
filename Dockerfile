# One image for web, worker and beat; docker-compose.yml says which part a container is.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /var/lib/launchkit --shell /usr/sbin/nologin launchkit \
    && install -d -o launchkit -g launchkit -m 0700 /var/lib/launchkit

WORKDIR /srv/launchkit
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements.txt

COPY . ./
# Built in embedded mode: production would ask for keys, and a key has no place in an image.
RUN LAUNCHKIT_VAR=/tmp/build STATIC_ROOT=/srv/launchkit/staticfiles python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

ENV LAUNCHKIT_MODE=production LAUNCHKIT_VAR=/var/lib/launchkit STATIC_ROOT=/srv/launchkit/staticfiles
USER launchkit
EXPOSE 8000
CMD ["python", "manage.py", "launch", "web"]
