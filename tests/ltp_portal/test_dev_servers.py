"""The pieces under `make run`: accounts, folders, secrets, settings, the embedded servers."""

import os
import re
import signal
import stat
from pathlib import Path

import psycopg2
import pytest

from ltp_portal.dev import __main__, bootstrap, browser, database_server, folders, prepare, run
from ltp_portal.dev.accounts import can_run, service_account
from ltp_portal.dev.browser import find_chromium
from ltp_portal.dev.problems import Problem

ROOT = Path(__file__).resolve().parents[2]


def test_embedded_database_is_not_run_by_root(tmp_path):
    account = service_account(tmp_path / "data")

    assert (account is None) == (os.geteuid() != 0)
    assert account != "root"


def test_embedded_database_is_modern_and_sorts_alike_everywhere():
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("b", "C.UTF-8")
    assert connection.server_version >= 16_00_00


def test_data_go_elsewhere_where_their_account_cannot_reach(tmp_path, monkeypatch):
    elsewhere, var = tmp_path / "elsewhere", tmp_path / "var"
    elsewhere.mkdir()
    var.mkdir()
    monkeypatch.setattr(database_server, "ELSEWHERE", elsewhere)
    monkeypatch.setattr(database_server, "can_reach", lambda *_: False)

    first = database_server._reachable_folder(var / "postgres", None)
    again = database_server._reachable_folder(var / "postgres", None)

    assert first == again == (var / "postgres").readlink()
    assert first.parent == elsewhere


def test_programs_are_copied_where_their_account_can_run_them(tmp_path, monkeypatch):
    def only_copies(program, account):
        return tmp_path in program.parents and can_run(program, account)

    monkeypatch.setattr(database_server, "can_run", only_copies)

    programs = database_server._runnable_programs(tmp_path, None)

    assert tmp_path in programs.parents
    assert can_run(programs / "postgres", None)
    assert can_run(programs / "initdb", None)


def test_secret_is_made_once_for_its_owner_only(tmp_path):
    secret = folders.kept_secret(tmp_path / "secret", bytes_of_chance=48)

    assert len(secret) >= 50
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert folders.kept_secret(tmp_path / "secret", bytes_of_chance=48) == secret


def test_two_portals_cannot_share_a_folder(tmp_path):
    (tmp_path / "lock").touch()

    with (
        folders.held_alone(tmp_path / "lock"),
        pytest.raises(Problem, match="already"),
        folders.held_alone(tmp_path / "lock"),
    ):
        pass
    with folders.held_alone(tmp_path / "lock"):
        pass


@pytest.mark.parametrize("name", ["a folder with spaces", "d" * 100, "a,b"])
def test_sockets_have_short_plain_names(tmp_path, name):
    var = tmp_path / name
    var.mkdir()

    with folders.socket_folder(var) as sockets:
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert re.fullmatch(r"[^ ,]{1,80}", str(sockets))
    assert not sockets.exists()


def test_sockets_of_a_killed_start_are_removed_by_the_next(tmp_path):
    var, left = tmp_path / "a folder with spaces", tmp_path / "left"
    var.mkdir()
    left.mkdir()
    (var / "sockets").symlink_to(left)

    with folders.socket_folder(var):
        assert not left.exists()


@pytest.fixture
def no_env_file(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "ROOT", tmp_path)
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "PORTAL_DEMO", "PORTAL_TODAY", "DEMO_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_run_is_a_demonstration_unless_told_otherwise(no_env_file):
    environment = run.settings_for(no_env_file, 8000)

    assert environment["PORTAL_DEMO"] == "1"
    assert environment["PORTAL_TODAY"] == "2019-09-30"
    assert environment["PORTAL_TLS"] == "0"
    assert environment["DEMO_PASSWORD"] == (no_env_file / "demo-password").read_text()


def test_caller_decides_before_the_env_file(no_env_file, monkeypatch):
    (no_env_file / ".env").write_text("PORTAL_TODAY=2019-07-01\nSERVICE_NAME=Ours\nDEMO_PASSWORD=from-the-file\n")
    monkeypatch.setenv("PORTAL_TODAY", "2019-08-01")

    environment = run.settings_for(no_env_file, 8000)

    assert environment["PORTAL_TODAY"] == "2019-08-01"
    assert environment["SERVICE_NAME"] == "Ours"
    assert environment["DEMO_PASSWORD"] == "from-the-file"


def test_caller_may_take_a_default_away(no_env_file, monkeypatch):
    monkeypatch.setenv("PORTAL_TODAY", "")

    assert "PORTAL_TODAY" not in run.settings_for(no_env_file, 8000)


def test_env_file_of_production_does_not_move_where_run_listens(no_env_file):
    (no_env_file / ".env").write_text("ALLOWED_HOSTS=portal.example.org\nSITE_URL=https://portal.example.org\n")

    environment = run.settings_for(no_env_file, 8001)

    assert environment["ALLOWED_HOSTS"] == "127.0.0.1,localhost"
    assert environment["SITE_URL"] == "http://127.0.0.1:8001"


def test_without_a_demonstration_there_are_no_accounts_and_that_is_no_error():
    said = run.demo_accounts({**os.environ, "PORTAL_DEMO": "0"})

    assert said == "PORTAL_DEMO is off: there are no demonstration accounts.\n"


@pytest.mark.parametrize("received", run.STOPPING)
def test_first_signal_stops_and_the_next_do_not_disturb_it(received):
    found = {one: signal.getsignal(one) for one in run.STOPPING}
    try:
        run.stop_on_signals()
        with pytest.raises(SystemExit, match="0"):
            signal.raise_signal(received)
        assert {signal.getsignal(one) for one in run.STOPPING} == {signal.SIG_IGN}
    finally:
        for one, handler in found.items():
            signal.signal(one, handler)


def test_fingerprint_sees_names_and_content(tmp_path):
    (tmp_path / "one.csv").write_text("a")
    before = prepare.fingerprint(tmp_path)

    (tmp_path / "one.csv").write_text("b")
    changed = prepare.fingerprint(tmp_path)
    (tmp_path / "one.csv").rename(tmp_path / "two.csv")

    assert len({before, changed, prepare.fingerprint(tmp_path)}) == 3


def test_reference_is_loaded_once_for_each_change(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_: called.append(name))

    prepare.load_reference(tmp_path / "stamp")
    prepare.load_reference(tmp_path / "stamp")
    assert called == ["load_reference"]

    prepare.load_reference(None)
    assert called == ["load_reference"] * 2


def test_environment_is_made_anew_when_the_lock_changes(tmp_path, monkeypatch):
    before = bootstrap.wanted_stamp()
    (tmp_path / "lock").write_text("other")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "lock")

    assert bootstrap.wanted_stamp() != before


def test_each_word_of_make_is_known():
    makefile = (ROOT / "Makefile").read_text()

    assert set(re.findall(r"^\t\$\(SETUP\) (\w+)", makefile, re.MULTILINE)) == set(__main__.WORDS)


def test_there_is_a_browser():
    assert find_chromium()


def test_browser_of_playwright_is_looked_for_where_it_installs_it():
    assert "chromium" in browser._playwrights_own()
