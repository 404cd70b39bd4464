"""What one file names, another has: labels, accounts, ports, images, paths and flags."""

import re
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jcode_watcher.settings import load
from jcode_watcher.settings.fields import fields_of

Document = dict[str, Any]
ROOT = Path(__file__).parents[3]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
NODE = "node-7.example"


def container_of(workload: Document) -> Document:
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    return dict(container)


def settings_struct(place: str) -> type[msgspec.Struct]:
    module, _, name = place.partition(":")
    struct: type[msgspec.Struct] = getattr(import_module(module), name)
    return struct


def as_the_kubelet_expands(container: Document) -> list[str]:
    """Give the arguments with `$(NAME)` replaced by the container's own variables."""
    known = {variable["name"] for variable in container.get("env", [])}

    def value(match: re.Match[str]) -> str:
        assert match[1] in known, f"the kubelet leaves $({match[1]}) as it is"
        return NODE

    return [re.sub(r"\$\((\w+)\)", value, argument) for argument in container["args"]]


def given_flags(arguments: list[str], struct: type[msgspec.Struct]) -> dict[str, Any]:
    fields = {field.flag: field for field in fields_of(struct)}
    given: dict[str, Any] = {}
    for argument in arguments:
        flag, _, value = argument.partition("=")
        assert flag in fields, f"{flag} is no setting of {struct.__name__}"
        given[fields[flag].name] = [value] if fields[flag].repeatable else value
    return given


def test_the_agents_flags_are_settings_that_it_accepts(daemon_set: Document) -> None:
    container, struct = (
        container_of(daemon_set),
        settings_struct("jcode_watcher.agent.settings:AgentSettings"),
    )
    given = given_flags(as_the_kubelet_expands(container), struct)
    settings: Any = load(struct, given, {"JCODE_WATCHER_NODE": NODE})
    assert settings.node == NODE
    assert settings.token_file == Path("/etc/jcode-watcher/tokens", NODE)


def test_the_services_flags_are_settings_that_it_accepts(stateful_set: Document) -> None:
    struct = settings_struct("jcode_watcher.analytics.settings:ServiceSettings")
    settings: Any = load(struct, given_flags(container_of(stateful_set)["args"], struct), {})
    assert settings.listen == "0.0.0.0:8000"


def test_every_variable_is_a_setting_of_the_agent(daemon_set: Document) -> None:
    variables = {
        field.variable for field in fields_of(settings_struct("jcode_watcher.agent.settings:AgentSettings"))
    }
    assert {variable["name"] for variable in container_of(daemon_set)["env"]} <= variables


def test_an_agent_is_named_as_its_node(daemon_set: Document) -> None:
    (variable,) = container_of(daemon_set)["env"]
    assert variable["valueFrom"] == {"fieldRef": {"fieldPath": "spec.nodeName"}}


def test_the_service_account_is_mounted_where_the_agent_looks_for_it(daemon_set: Document) -> None:
    struct = settings_struct("jcode_watcher.agent.settings:AgentSettings")
    (folder,) = [field.default for field in fields_of(struct) if field.name == "service_account"]
    (mount,) = [m for m in container_of(daemon_set)["volumeMounts"] if m["name"] == "kubernetes"]
    assert (Path(mount["mountPath"]), mount["readOnly"]) == (folder, True)


def test_the_agent_may_open_connections_to_the_service_to_names_and_to_the_kubernetes_api_only(
    find: Callable[[str, str], Document],
) -> None:
    service, names, kubernetes = find("NetworkPolicy", "jcode-watcher-agent")["spec"]["egress"]
    assert service["ports"] == [{"port": "http"}]
    assert {port["port"] for port in names["ports"]} == {53}
    assert kubernetes == {"ports": [{"port": 443, "protocol": "TCP"}, {"port": 6443, "protocol": "TCP"}]}


@pytest.mark.parametrize("kind", ["daemon_set", "stateful_set"])
def test_what_listens_is_the_port_that_is_declared(request: pytest.FixtureRequest, kind: str) -> None:
    container = container_of(request.getfixturevalue(kind))
    (listen,) = [argument for argument in container["args"] if argument.startswith("--listen=")]
    assert listen == f"--listen=0.0.0.0:{container['ports'][0]['containerPort']}"


@pytest.mark.parametrize("kind", ["daemon_set", "stateful_set"])
def test_every_path_in_the_arguments_is_mounted(request: pytest.FixtureRequest, kind: str) -> None:
    container = container_of(request.getfixturevalue(kind))
    mounted = [Path(mount["mountPath"]) for mount in container["volumeMounts"]]
    paths = [
        Path(value) for _, _, value in (a.partition("=") for a in container["args"]) if value.startswith("/")
    ]
    assert paths
    for path in paths:
        assert any(path.is_relative_to(mount) for mount in mounted), path


def test_the_agent_reaches_the_service_under_its_own_name(
    daemon_set: Document, stateful_set: Document, find: Callable[[str, str], Document]
) -> None:
    service = find("Service", "jcode-watcher")
    (port,) = service["spec"]["ports"]
    assert f"--server=http://jcode-watcher:{port['port']}" in container_of(daemon_set)["args"]
    assert port["targetPort"] == container_of(stateful_set)["ports"][0]["name"]
    assert (
        service["spec"]["selector"].items() <= stateful_set["spec"]["template"]["metadata"]["labels"].items()
    )
    assert stateful_set["spec"]["serviceName"] == "jcode-watcher"


def test_every_network_policy_selects_the_pods_of_its_workload(
    daemon_set: Document, stateful_set: Document, find: Callable[[str, str], Document]
) -> None:
    for workload in (daemon_set, stateful_set):
        policy = find("NetworkPolicy", workload["metadata"]["name"])["spec"]
        labels = workload["spec"]["template"]["metadata"]["labels"]
        assert policy["podSelector"]["matchLabels"].items() <= labels.items()
        assert policy["policyTypes"] == ["Ingress", "Egress"]


def test_only_agents_and_the_marked_namespaces_reach_the_service(
    daemon_set: Document, find: Callable[[str, str], Document]
) -> None:
    policy = find("NetworkPolicy", "jcode-watcher-service")["spec"]
    (rule,) = policy["ingress"]
    agents, browsers = rule["from"]
    assert (
        agents["podSelector"]["matchLabels"].items()
        <= daemon_set["spec"]["template"]["metadata"]["labels"].items()
    )
    assert browsers == {"namespaceSelector": {"matchLabels": {"jcode-watcher/ingress": "allowed"}}}
    assert policy["egress"] == []


def test_every_workload_runs_under_its_own_account(
    daemon_set: Document, stateful_set: Document, find: Callable[[str, str], Document]
) -> None:
    for workload in (daemon_set, stateful_set):
        account = workload["spec"]["template"]["spec"]["serviceAccountName"]
        assert account == workload["metadata"]["name"]
        assert find("ServiceAccount", account)


def test_the_images_are_those_that_are_built(daemon_set: Document, stateful_set: Document) -> None:
    images = [container_of(workload)["image"] for workload in (daemon_set, stateful_set)]
    assert images == [f"jcode-watcher-agent:{VERSION}", f"jcode-watcher-service:{VERSION}"]
