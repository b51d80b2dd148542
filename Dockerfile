# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
# Only what the lock names, and only if its content is what was locked.
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=ltp_portal.settings
# Committee packs as PDF: Pango draws their text, in a font that is free.
RUN apt-get update && apt-get install --yes --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home portal
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY manage.py pyproject.toml ./
COPY ltp_portal ltp_portal
COPY systems systems
COPY commitments commitments
COPY engagement engagement
COPY templates templates
COPY static static
COPY fixtures fixtures
# The settings want to know where they are; collecting files asks nobody. None of this stays in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build.invalid/portal REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --no-input
# A volume takes its owner from the folder it is mounted on. Only the portal's own account reads what lies here.
RUN install --directory --owner=portal --group=portal --mode=0700 /srv/evidence
USER portal
EXPOSE 8000
CMD ["gunicorn", "ltp_portal.wsgi:application", "--bind=0.0.0.0:8000"]
