"""compose.yml, the image and the settings fit together. What Docker does is not tried here."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner

from server.command import command
from server.infrastructure.settings import CHILD_ENVIRONMENT_PREFIX, Settings

DOCKER: Final = Path(__file__).resolve().parents[3] / "docker"
VARIABLE: Final = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<kind>[?-])(?P<text>[^}]*))?\}")
OURS: Final = ("app-1", "app-2", "media-worker", "prepare")
FILLED: Final = {
    "SITE_NAME": "window.example.org",
    "MEDIA_ADDRESS": "192.0.2.10",
    "POSTGRES_PASSWORD": "pg1",
    "REDIS_PASSWORD": "r1",
    "OBJECTS_USER": "window",
    "OBJECTS_PASSWORD": "o1",
}
Service = Mapping[str, Any]


def interpolated(value: Any, given: Mapping[str, str]) -> Any:
    """As Compose puts variables into strings. Fails for one that must be given and is not."""

    def put(found: re.Match[str]) -> str:
        name, kind = found["name"], found["kind"]
        if given.get(name):
            return given[name]
        assert kind == "-", f"{name} must be given"
        return str(found["text"])

    if isinstance(value, str):
        return VARIABLE.sub(put, value)
    if isinstance(value, dict):
        return {key: interpolated(item, given) for key, item in value.items()}
    return [interpolated(item, given) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def written() -> Any:
    return yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(written: Any) -> Mapping[str, Service]:
    found: Mapping[str, Service] = interpolated(written["services"], FILLED)
    return found


def test_it_is_a_compose_file() -> None:
    checked = subprocess.run(
        [
            Path(sys.executable).with_name("check-jsonschema"),
            *("--builtin-schema", "vendor.compose-spec"),
            DOCKER / "compose.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_every_variable_of_ours_is_a_setting(services: Mapping[str, Service]) -> None:
    for name in OURS:
        for variable in services[name]["environment"]:
            assert variable.startswith(CHILD_ENVIRONMENT_PREFIX), variable
            field = variable.removeprefix(CHILD_ENVIRONMENT_PREFIX).lower()
            assert field in Settings.model_fields, f"{variable} is no setting"


@pytest.mark.parametrize("name", OURS)
def test_the_settings_can_be_read(
    services: Mapping[str, Service], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in services[name]["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = Settings()
    assert settings.database == "postgresql+asyncpg://window:pg1@postgres:5432/window"
    assert settings.redis == "redis://:r1@redis:6379/0"
    assert settings.blob_url == "s3://window/blobs?endpoint=http://objects:9000"
    assert settings.origins >= {"https://window.example.org"}
    assert not settings.demo
    if name == "media-worker":
        assert (settings.media_host, settings.media_port) == ("192.0.2.10", 40000)


def test_the_replicas_differ_in_their_name_alone(services: Mapping[str, Service]) -> None:
    one, other = dict(services["app-1"]), dict(services["app-2"])
    names = [dict(each["environment"]) for each in (one, other)]
    assert [each.pop("VIRTUAL_WINDOW_REPLICA_ID") for each in names] == ["app-1", "app-2"]
    assert names[0] == names[1]
    assert one | {"environment": {}} == other | {"environment": {}}


def test_every_command_of_ours_exists(services: Mapping[str, Service]) -> None:
    for words in (*(services[name]["command"] for name in OURS), "demo seed"):
        chosen = words.split() if isinstance(words, str) else words
        asked = CliRunner().invoke(command, [*chosen, "--help"])
        assert asked.exit_code == 0, asked.output


def test_what_must_be_given_is_in_the_example(written: Any) -> None:
    text = (DOCKER / "compose.yml").read_text(encoding="utf-8")
    example = (DOCKER / "env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    used = {found["name"] for found in VARIABLE.finditer(text)}
    required = {found["name"] for found in VARIABLE.finditer(text) if found["kind"] == "?"}
    assert used == named.keys()
    assert required == FILLED.keys()


def test_images_are_pinned(written: Any) -> None:
    for name, service in written["services"].items():
        tag = service["image"].rpartition(":")[2]
        assert re.search(r"\d", tag), f"{name}: {service['image']}"
        assert ":" in service["image"], name


def test_what_is_referred_to_is_there(written: Any) -> None:
    services, volumes = written["services"], set(written["volumes"])
    mounted = set()
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DOCKER / source).exists(), volume
            else:
                mounted.add(source)
    assert mounted == volumes
    build = services["app-1"]["build"]
    assert (DOCKER / build["context"] / build["dockerfile"]).is_file()


def test_the_proxy_knows_every_replica_and_the_application_trusts_it(written: Any) -> None:
    caddyfile = (DOCKER / "Caddyfile").read_text(encoding="utf-8")
    replicas = sorted(name for name in written["services"] if name.startswith("app-"))
    assert "reverse_proxy " + " ".join(f"{name}:8080" for name in replicas) in caddyfile
    assert "health_uri /readyz" in caddyfile
    (network,) = written["networks"]["default"]["ipam"]["config"]
    proxies = written["services"]["app-1"]["environment"]["VIRTUAL_WINDOW_TRUSTED_PROXIES"]
    assert network["subnet"] in proxies


def instructions(stage: int = -1) -> Iterator[tuple[str, str]]:
    """The instructions of a stage of the Dockerfile, their lines joined."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    stages = re.split(r"(?m)^(?=FROM )", "\n".join(lines))[1:]
    for line in stages[stage].splitlines():
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def test_the_image_runs_as_nobody_special_and_says_whether_it_serves() -> None:
    last = dict(instructions())
    assert last["USER"] == "window"
    assert "/readyz" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["virtual-window"]'
    assert [value for word, value in instructions() if word == "FROM"] == [
        "python:3.11.12-slim-bookworm"
    ]


def test_the_image_copies_what_there_is() -> None:
    root = DOCKER.parent
    for stage in range(3):
        for word, rest in instructions(stage):
            if word != "COPY" or rest.startswith("--from"):
                continue
            for source in rest.split()[:-1]:
                assert (root / source).exists(), source
    kept = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in (line[1:] for line in kept if line.startswith("!")):
        assert (root / line).exists(), line
