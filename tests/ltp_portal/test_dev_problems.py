"""What can go wrong with `make run` is said in one line, with a non-zero exit."""

import socket
import sys

import pytest

from ltp_portal.dev.folders import held_alone
from ltp_portal.dev.problems import cannot_use
from tests.ltp_portal.clone import make_clone, refused


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path)


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_port_taken(clone):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        said = refused(clone, f"PORT={port}")

    assert f"port {port} on 127.0.0.1 cannot be used (Address already in use)" in said
    assert "make run PORT=" in said


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "٨٠"])
def test_port_that_is_none(clone, port):
    assert "is not a port number" in refused(clone, f"PORT={port}")


def test_python_too_old(clone, tmp_path):
    old = tmp_path / "python3.9"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 9, 2); $2"\n')
    old.chmod(0o755)

    assert refused(clone, f"PYTHON={old}") == "ltp-portal: Python 3.11 or newer is needed, and this is 3.9."


def test_package_index_out_of_reach(clone):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "0"}

    said = refused(clone, PORTAL_VENV="", **nowhere)

    assert "cannot install the locked packages" in said
    assert "Is the package index within reach" in said
    assert (clone / "var" / "log" / "install.log").exists()


def test_var_is_a_file(clone, free_port):
    (clone / "var").touch()

    assert f"cannot use {clone / 'var'} (" in refused(clone, f"PORT={free_port}")


@pytest.mark.parametrize("name", ["postgres", "redis", "static"])
def test_data_folder_is_a_file(clone, free_port, name):
    (clone / "var").mkdir()
    (clone / "var" / name).touch()

    assert f"{clone / 'var' / name}" in refused(clone, f"PORT={free_port}")


def test_place_of_a_link_that_cannot_be_made_is_named(tmp_path):
    with pytest.raises(OSError, match="nowhere") as refusal:
        (tmp_path / "nowhere" / "link").symlink_to(tmp_path)

    assert f"cannot use {tmp_path / 'nowhere' / 'link'} (" in str(cannot_use(refusal.value, tmp_path))


@pytest.mark.parametrize(("name", "value"), [("PORTAL_TODAY", "tomorrow"), ("SECRET_KEY", "short")])
def test_setting_that_is_none(clone, free_port, name, value):
    assert name in refused(clone, f"PORT={free_port}", **{name: value})


def test_database_folder_is_broken(clone, free_port):
    (clone / "var" / "postgres" / "data").mkdir(parents=True)

    said = refused(clone, f"PORT={free_port}")

    assert f"PostgreSQL cannot start from {clone / 'var' / 'postgres'}" in said
    assert "Move that folder away" in said


def test_queue_folder_is_broken(clone, free_port):
    (clone / "var" / "redis").mkdir(parents=True)
    (clone / "var" / "redis" / "appendonly.aof").write_text("junk")

    said = refused(clone, f"PORT={free_port}")

    assert f"Redis cannot start from {clone / 'var' / 'redis'}" in said
    assert "Move that folder away" in said


def test_runs_already(clone, free_port):
    (clone / "var").mkdir()
    (clone / "var" / "lock").touch()

    with held_alone(clone / "var" / "lock"):
        said = refused(clone, f"PORT={free_port}")

    assert "runs from this folder already" in said


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("REDIS_URL", "nonsense"),
    ],
)
def test_given_server_does_not_answer(clone, free_port, name, url):
    assert f"{name} names a" in refused(clone, f"PORT={free_port}", **{name: url})
