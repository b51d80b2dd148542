"""The commands of docker-compose.yml, started as written there, with production settings and real servers."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM
from urllib.parse import quote

import pytest
import yaml

from ltp_portal.dev.processes import spawn, stop
from ltp_portal.dev.quality import production_settings
from ltp_portal.probe import status_of

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
READY_WITHIN = 60


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def production(transactional_db, settings):
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}@{quote(str(database['HOST']), safe='')}/{database['NAME']}"
    return {**os.environ, **production_settings(), "DATABASE_URL": url}


@pytest.fixture
def started(production, port, tmp_path):
    """Web, worker and beat; each on this machine's free port, with its files in this test's folder."""
    with ExitStack() as processes, (tmp_path / "log").open("wb") as log:
        for name in ("web", "worker", "beat"):
            command = [
                word.replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace("/tmp/", f"{tmp_path}/")
                for word in SERVICES[name]["command"]
            ]
            process = spawn(command, dies_by=SIGTERM, env=production, cwd=ROOT, stdout=log, stderr=log)
            processes.callback(end_what_it_started, process.pid)
            processes.callback(stop, process, SIGTERM, within=30)
        yield


def end_what_it_started(group: int) -> None:
    """A worker stopped in the middle of its work may leave children, and they their sessions in the database."""
    with suppress(ProcessLookupError):
        os.killpg(group, SIGKILL)


def test_the_three_commands_work_together(started, port, production, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", production["ALLOWED_HOSTS"])
    give_up_at = time.monotonic() + READY_WITHIN

    while status_of("/readyz", port=port) != 200 and time.monotonic() < give_up_at:
        time.sleep(0.5)

    assert status_of("/healthz", port=port) == 200
    assert status_of("/readyz", port=port) == 200


def test_probe_says_nothing_answers(port):
    assert status_of("/healthz", port=port) == 0


AS_A_BROWSER_BEHIND_NGINX = """
import django, json
django.setup()
from django.test import Client
secure = Client(headers={"host": "portal.example.org", "x-forwarded-proto": "https"})
plain = Client(headers={"host": "portal.example.org", "x-forwarded-proto": "http"})
answer = secure.get("/accounts/login/")
print(json.dumps({
    "hsts": answer["Strict-Transport-Security"],
    "cookies": [str(cookie.output(header="")).strip() for cookie in answer.cookies.values()],
    "plain": plain.get("/accounts/login/")["Location"],
}))
"""


def test_production_keeps_to_tls(production):
    command = [sys.executable, "-c", AS_A_BROWSER_BEHIND_NGINX]
    told = json.loads(subprocess.run(command, env=production, cwd=ROOT, capture_output=True, check=True).stdout)

    [cookie] = told["cookies"]
    assert cookie.startswith("__Host-csrftoken=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} == set(cookie.split("; ")[1:])
    assert told["hsts"].startswith("max-age=31536000;")
    assert told["plain"] == "https://portal.example.org/accounts/login/"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_refuses_to_start_without(missing, production, tmp_path):
    environment = {name: value for name, value in production.items() if name != missing}
    environment[missing] = ""

    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "manage.py", "check"]
        process = spawn(command, dies_by=SIGTERM, env=environment, cwd=ROOT, stdout=log, stderr=log)
        code = process.wait(60)

    assert code != 0
    assert f"{missing} is not set" in (tmp_path / "log").read_text()
