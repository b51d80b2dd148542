"""docker-compose.yml cannot be built everywhere. So it is read: whatever it names must exist."""

import re
import shutil
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from systems.forms.uploads import MAX_MEGABYTES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
OURS = ["web", "worker", "beat", "migrate"]
SETTINGS = (ROOT / "ltp_portal" / "settings.py").read_text()
EXAMPLE = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = (ROOT / "docs" / "nginx.conf").read_text()


def test_everything_the_portal_needs_is_there():
    assert set(SERVICES) == {"nginx", *OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_program_is_locked_for_production_and_installed(name):
    program = SERVICES[name]["command"][0]

    assert re.search(rf"^{program}==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert program in {script.name for script in distribution(program).entry_points}


def test_web_serves_the_application_of_the_settings(settings):
    module, application = SERVICES["web"]["command"][1].split(":")

    assert f"{module}.{application}" == settings.WSGI_APPLICATION
    assert find_spec(module)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_celery_finds_its_application(name):
    command = SERVICES[name]["command"]

    assert find_spec(command[command.index("-A") + 1] + ".celery")


def test_every_management_command_exists():
    named = re.findall(r"python manage\.py ([a-z_]+)", COMPOSE + DOCKERFILE)

    assert {"migrate", "load_reference", "collectstatic"} <= set(named) <= set(get_commands())


def test_every_module_exists():
    named = re.findall(r'"-m", "([a-z_.]+)"', COMPOSE)

    assert named == ["ltp_portal.probe"]
    assert all(find_spec(module) for module in named)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_read_by_the_settings(name):
    for variable in SERVICES[name]["environment"]:
        assert f'"{variable}"' in SETTINGS, variable


def test_the_example_has_every_variable_and_no_other():
    of_compose = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    of_settings = set(re.findall(r'(?:env\.\w+|_required)\(\s*"([A-Z_]+)"', SETTINGS))

    assert of_compose | of_settings == EXAMPLE


def test_no_secret_is_in_the_file():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|_URL", variable) and "redis" not in value:
                assert "${" in value and ":?" in value, (name, variable)


@pytest.mark.parametrize("name", SERVICES)
def test_service_runs_with_few_rights(name):
    service = SERVICES[name]

    assert str(service["user"]).split(":")[0] not in {"root", "0"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_services_wait_for_services_that_exist():
    waited_for = {other for service in SERVICES.values() for other in service.get("depends_on", {})}

    assert waited_for <= set(SERVICES)


def test_mounted_files_and_volumes_exist():
    declared = yaml.safe_load(COMPOSE)["volumes"]
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in declared or source.startswith("${TLS_FOLDER") or (ROOT / source).exists(), volume


def test_evidence_lies_on_a_volume_that_only_the_portal_reads():
    folder = SERVICES["web"]["environment"]["EVIDENCE_ROOT"]
    mounted = {name for name, service in SERVICES.items() for v in service.get("volumes", []) if f":{folder}" in v}

    assert f"evidence:{folder}" in SERVICES["web"]["volumes"]
    assert mounted == {"web"}
    assert re.search(rf"install --directory --owner=portal --group=portal --mode=0700 {folder}$", DOCKERFILE, re.M)
    assert not any(line.strip().startswith(("alias", "root")) for line in NGINX.splitlines())


def test_nginx_takes_files_as_large_as_the_portal_does():
    megabytes = re.search(r"client_max_body_size (\d+)m;", NGINX)

    assert megabytes and int(megabytes[1]) > MAX_MEGABYTES


def test_image_has_what_it_copies():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in copied.split():
            assert source in allowed
            assert (ROOT / source).exists()


def test_image_has_every_app(settings):
    ours = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}

    assert all(re.search(rf"^COPY {app} {app}$", DOCKERFILE, re.MULTILINE) for app in ours)


def test_nginx_asks_web_where_it_listens():
    port = re.search(r"--bind=0\.0\.0\.0:(\d+)", " ".join(SERVICES["web"]["command"]))

    assert port and f"server web:{port[1]};" in NGINX
    for published in SERVICES["nginx"]["ports"]:
        assert f"listen {published.split(':')[1]}" in NGINX


def test_nginx_is_the_one_proxy_that_is_believed():

    assert SERVICES["web"]["environment"]["TRUSTED_PROXY_COUNT"] == "1"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX


def test_ci_says_the_same_words():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    steps = workflow["jobs"]["everything"]["steps"]
    makefile = (ROOT / "Makefile").read_text()
    words = re.findall(r"^make (\w+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)

    assert steps[-1] == {"run": ".ci/run"}
    assert words == ["check", "test"]
    assert all(re.search(rf"^{word}:", makefile, re.MULTILINE) for word in words)
    assert shutil.which(str(ROOT / ".ci" / "run"))
