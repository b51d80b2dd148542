"""`make run`: the whole portal on this machine, stopped as one."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg2
import redis
from dotenv import dotenv_values

from ltp_portal.dev import folders
from ltp_portal.dev.database_server import Postgres
from ltp_portal.dev.problems import Problem, cannot_use, one_line
from ltp_portal.dev.processes import spawn, stop
from ltp_portal.dev.queue_server import Redis

HOST = "127.0.0.1"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ANSWERS_WITHIN = 60
# Mail lands in a folder, below the one the portal is run from.
DEMONSTRATION = {"PORTAL_DEMO": "1", "PORTAL_TODAY": "2019-09-30", "EMAIL_URL": "file:///var/mail"}
ON_THIS_MACHINE = {
    "DJANGO_SETTINGS_MODULE": "ltp_portal.settings",
    "ALLOWED_HOSTS": f"{HOST},localhost",
    # Plain http: secure cookies would sign nobody in.
    "PORTAL_TLS": "0",
    "PYTHONUNBUFFERED": "1",
}
# The second one people type.
OUR_SECRETS = (("SECRET_KEY", "secret-key", 48), ("DEMO_PASSWORD", "demo-password", 12))


def run() -> None:
    stop_on_signals()
    port = free(chosen_port())
    var = folders.open_var()
    with folders.held_alone(var / "lock"), ExitStack() as servers:
        try:
            environment = settings_for(var, port)
            stamp = start_servers(var, environment, servers)
        except OSError as error:
            raise cannot_use(error, var) from error
        prepare(environment, stamp)
        serve(environment, port)


def stop_on_signals() -> None:
    """Ctrl-C, a polite kill and a closed terminal all end the portal the same way: everything, in order."""

    def begin_to_stop(*_: object) -> None:
        for other in STOPPING:
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(0)

    for one in STOPPING:
        signal.signal(one, begin_to_stop)


def chosen_port() -> int:
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Problem(f"PORT={wanted} is not a port number: choose one from 1 to 65535.")
    return int(wanted)


def free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Problem(
                f"port {port} on {HOST} cannot be used ({error.strerror}): "
                f"stop what uses it, or choose another with `make run PORT=8001`."
            ) from error
    return port


def settings_for(var: Path, port: int) -> dict[str, str]:
    """What the caller set, else what .env sets, else a demonstration with secrets of its own.

    Where the portal listens is ours to say, not that of an .env written for docker compose.
    """
    written = dotenv_values(folders.ROOT / ".env")
    here = {**ON_THIS_MACHINE, "SITE_URL": f"http://{HOST}:{port}"}
    chosen = {**DEMONSTRATION, **written, **here, **os.environ}
    chosen |= {"PORT": str(port), "PATH": folders.path_with_programs()}
    environment = {name: value for name, value in chosen.items() if value}
    for name, file, bytes_of_chance in OUR_SECRETS:
        if name not in environment:
            environment[name] = folders.kept_secret(var / file, bytes_of_chance=bytes_of_chance)
    return environment


def start_servers(var: Path, environment: dict[str, str], servers: ExitStack) -> Path | None:
    """PostgreSQL and Redis: those of the environment, else our own. Answers where our data's stamp lies."""
    stamp = None
    sockets = servers.enter_context(folders.socket_folder(var))
    if environment.get("DATABASE_URL"):
        check_database(environment["DATABASE_URL"])
    else:
        postgres = Postgres(var / "postgres", sockets=sockets, log=var / "log" / "postgres.log")
        environment["DATABASE_URL"] = servers.enter_context(postgres).url
        stamp = postgres.folder / "reference-loaded"
    if environment.get("REDIS_URL"):
        check_redis(environment["REDIS_URL"])
    else:
        queue = Redis(var / "redis", sockets=sockets, log=var / "log" / "redis.log")
        environment["REDIS_URL"] = servers.enter_context(queue).url
    return stamp


def check_database(url: str) -> None:
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error as error:
        raise Problem(f"DATABASE_URL names a database that does not answer: {one_line(error)}") from error


def check_redis(url: str) -> None:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise Problem(f"REDIS_URL names a Redis that does not answer: {one_line(error)}") from error


def prepare(environment: dict[str, str], stamp: Path | None) -> None:
    command = [sys.executable, "-m", "ltp_portal.dev.prepare", *([str(stamp)] if stamp else [])]
    prepared = subprocess.run(command, env=environment, cwd=folders.ROOT)
    if prepared.returncode:
        # It has said why.
        sys.exit(prepared.returncode)


def serve(environment: dict[str, str], port: int) -> None:
    """Web, worker and beat under one manager, until it is told to stop or one of them ends."""
    # No environment file: honcho would let it win over the environment.
    command = [sys.executable, "-m", "honcho", "-e", os.devnull, "-f", "Procfile", "start"]
    processes = spawn(command, dies_by=signal.SIGTERM, env=environment, cwd=folders.ROOT)
    try:
        accounts = demo_accounts(environment)
        if answers(port, processes):
            print(f"\nThe portal is at http://{HOST}:{port}/  (Ctrl-C stops it)\n", flush=True)
            print(accounts, flush=True)
        code = processes.wait()
    finally:
        stop(processes, signal.SIGTERM, within=20)
    raise Problem(f"one of the portal's processes ended by itself (code {code}), as said above.")


def demo_accounts(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "demo_accounts"]
    told = subprocess.run(command, env=environment, cwd=folders.ROOT, capture_output=True, text=True)
    return told.stdout if told.returncode == 0 else told.stderr.removeprefix("CommandError: ")


def answers(port: int, processes: subprocess.Popen[bytes]) -> bool:
    give_up_at = time.monotonic() + ANSWERS_WITHIN
    while processes.poll() is None and time.monotonic() < give_up_at:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    return False
