"""`make check`, `make format`, `make lock`."""

import os
import secrets
import subprocess
import sys

from ltp_portal.dev import folders
from ltp_portal.dev.problems import Problem
from ltp_portal.dev.throw_away import throw_away_servers

UV = "uv==0.13.9"
PYTHON = sys.executable
CHECKS = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "migrations are made": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "ready for production": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "documents are up to date": [PYTHON, "manage.py", "write_docs", "--check"],
}
LOCKS: dict[str, list[str]] = {
    "requirements.lock": [],
    # What production runs on is what is tested.
    "requirements-dev.lock": ["--extra", "embedded", "--extra", "test", "-c", "requirements.lock"],
}


def check() -> None:
    """Every check, also after one failed, so that one run shows all there is to do."""
    with throw_away_servers() as servers:
        environment = {**os.environ, **production_settings(), **servers}
        failed = [name for name, command in CHECKS.items() if not passes(name, command, environment)]
    if failed:
        raise Problem(f"not in order: {', '.join(failed)}.")


def production_settings() -> dict[str, str]:
    """What `docker-compose.yml` would set: the checks look at the portal as the public meets it."""
    return {
        "DJANGO_SETTINGS_MODULE": "ltp_portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "portal.example.org",
        "SITE_URL": "https://portal.example.org",
        "DEBUG": "0",
        "PORTAL_DEMO": "0",
        "PORTAL_TLS": "1",
        "TRUSTED_PROXY_COUNT": "1",
    }


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run(command, env=environment, cwd=folders.ROOT).returncode == 0


def reformat() -> None:
    for arguments in (["check", "--fix", "."], ["format", "."]):
        subprocess.run([PYTHON, "-m", "ruff", *arguments], cwd=folders.ROOT, check=False)


def lock() -> None:
    """Both lock files anew, for every platform and Python from 3.11."""
    steps = [[PYTHON, "-m", "pip", "install", "--quiet", UV]]
    for file, extras in LOCKS.items():
        options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--upgrade", "--quiet"]
        compiling = ["uv", "pip", "compile", *options, *extras, "pyproject.toml"]
        steps.append([PYTHON, "-m", *compiling, "--output-file", file])
    for step in steps:
        if subprocess.run(step, cwd=folders.ROOT).returncode:
            raise Problem("the lock files were not refreshed, as said above.")
