"""What the schema lets pass and a real API server, kubelet or runtime refuses. Each rule is shown to bite."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

Document = dict[str, Any]
DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
PORT_NAME_CHARACTERS_MAX = 15
UNITS = {"": 1.0, "m": 0.001, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}


def escalation(container: Document) -> Iterator[str]:
    context = container["securityContext"]
    if context["allowPrivilegeEscalation"]:
        return
    if context.get("privileged"):
        yield "API server: no privilege escalation beside privileged"
    if "CAP_SYS_ADMIN" in context["capabilities"].get("add", []):
        yield "API server: no privilege escalation beside CAP_SYS_ADMIN"


def capability_names(container: Document) -> Iterator[str]:
    for names in container["securityContext"]["capabilities"].values():
        yield from (
            f"runtime: unknown capability {name}" for name in names if not re.fullmatch("[A-Z_]+", name)
        )
        yield from (f"runtime: capability {name} has a prefix" for name in names if name.startswith("CAP_"))


def root_user(container: Document) -> Iterator[str]:
    context = container["securityContext"]
    if context["runAsNonRoot"] and context["runAsUser"] == 0:
        yield "kubelet: runAsNonRoot with user 0"


def mounts(container: Document) -> Iterator[str]:
    paths = [mount["mountPath"] for mount in container["volumeMounts"]]
    if len(paths) != len(set(paths)):
        yield "API server: mountPath must be unique"
    privileged = container["securityContext"].get("privileged")
    for mount in container["volumeMounts"]:
        if mount.get("mountPropagation") == "Bidirectional" and not privileged:
            yield "API server: Bidirectional needs privileged"


def probes(container: Document) -> Iterator[str]:
    ports = {port["name"] for port in container["ports"]}
    yield from (
        f"API server: port name {name} too long" for name in ports if len(name) > PORT_NAME_CHARACTERS_MAX
    )
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        if container[kind]["httpGet"]["port"] not in ports:
            yield f"kubelet: {kind} asks an unknown port"
        if kind != "readinessProbe" and container[kind].get("successThreshold", 1) != 1:
            yield f"API server: successThreshold of {kind} must be 1"


def resources(container: Document) -> Iterator[str]:
    limits = container["resources"]["limits"]
    for name, wanted in container["resources"]["requests"].items():
        if name in limits and quantity(wanted) > quantity(limits[name]):
            yield f"API server: request of {name} above its limit"


def quantity(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)([a-zA-Z]*)", text).groups()  # type: ignore[union-attr] # or the test fails
    return float(number) * UNITS[unit]


RULES = (escalation, capability_names, root_user, mounts, probes, resources)


def refusals(workload: Document) -> list[str]:
    """Give why the workload or a pod of it would be refused."""
    spec, template = workload["spec"], workload["spec"]["template"]
    labels = template["metadata"]["labels"].items()
    found = (
        [] if spec["selector"]["matchLabels"].items() <= labels else ["API server: selector misses the pods"]
    )
    pod = template["spec"]
    claimed = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    volumes = claimed | {volume["name"] for volume in pod["volumes"]}
    names = [c["name"] for c in pod["containers"]] + [v["name"] for v in pod["volumes"]]
    found += [f"API server: name {name} is no DNS label" for name in names if not DNS_LABEL.fullmatch(name)]
    for container in pod["containers"]:
        used = {mount["name"] for mount in container["volumeMounts"]}
        found += [f"API server: no volume {name}" for name in sorted(used - volumes)]
        found += [line for rule in RULES for line in rule(effective(pod, container))]
    rolling = spec.get("updateStrategy", {}).get("rollingUpdate", {})
    if rolling and not (rolling["maxUnavailable"] or rolling["maxSurge"]):
        found.append("API server: maxUnavailable and maxSurge are both 0")
    if pod.get("restartPolicy", "Always") != "Always":
        found.append("API server: restartPolicy must be Always")
    return found


def effective(pod: Document, container: Document) -> Document:
    """Give the container with what it inherits from its pod."""
    return container | {"securityContext": pod["securityContext"] | container["securityContext"]}


def test_no_workload_is_refused(daemon_set: Document, stateful_set: Document) -> None:
    assert refusals(daemon_set) == []
    assert refusals(stateful_set) == []


class Mistake(NamedTuple):
    """A change of the DaemonSet that the schema accepts, and the refusal that it earns."""

    change: Callable[[Document, Document], object]
    refusal: str


MISTAKES = {
    "privileged": Mistake(
        lambda _, c: c["securityContext"].update(privileged=True), "no privilege escalation beside privileged"
    ),
    "prefixed capability": Mistake(
        lambda _, c: c["securityContext"]["capabilities"]["add"].append("CAP_SYS_ADMIN"),
        "beside CAP_SYS_ADMIN",
    ),
    "prefixed harmless capability": Mistake(
        lambda _, c: c["securityContext"]["capabilities"]["add"].append("CAP_BPF"), "has a prefix"
    ),
    "lower-case capability": Mistake(
        lambda _, c: c["securityContext"]["capabilities"]["add"].append("bpf"), "unknown capability bpf"
    ),
    "root that may not be root": Mistake(
        lambda _, c: c["securityContext"].update(runAsNonRoot=True), "runAsNonRoot with user 0"
    ),
    "two-way propagation": Mistake(
        lambda _, c: c["volumeMounts"][0].update(mountPropagation="Bidirectional"), "Bidirectional"
    ),
    "two mounts at one path": Mistake(
        lambda _, c: c["volumeMounts"].append({"name": "tmp", "mountPath": "/workspaces"}), "unique"
    ),
    "mount without volume": Mistake(
        lambda _, c: c["volumeMounts"].append({"name": "ghost", "mountPath": "/ghost"}), "no volume ghost"
    ),
    "probe at no port": Mistake(
        lambda _, c: c["livenessProbe"]["httpGet"].update(port="metrics"),
        "livenessProbe asks an unknown port",
    ),
    "liveness that succeeds twice": Mistake(
        lambda _, c: c["livenessProbe"].update(successThreshold=2), "successThreshold of livenessProbe"
    ),
    "request above limit": Mistake(
        lambda _, c: c["resources"]["requests"].update(memory="1Gi"), "request of memory above its limit"
    ),
    "volume with a wrong name": Mistake(
        lambda s, _: s["template"]["spec"]["volumes"].append({"name": "A_b", "emptyDir": {}}), "no DNS label"
    ),
    "selector of other pods": Mistake(
        lambda s, _: s["selector"]["matchLabels"].update(app="other"), "selector misses the pods"
    ),
    "update that cannot move": Mistake(
        lambda s, _: s["updateStrategy"]["rollingUpdate"].update(maxUnavailable=0), "both 0"
    ),
    "pods that end": Mistake(
        lambda s, _: s["template"]["spec"].update(restartPolicy="OnFailure"), "restartPolicy must be Always"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_that_the_schema_accepts_is_found(daemon_set: Document, mistake: Mistake) -> None:
    changed = copy.deepcopy(daemon_set)
    mistake.change(changed["spec"], changed["spec"]["template"]["spec"]["containers"][0])
    assert any(mistake.refusal in line for line in refusals(changed)), refusals(changed)
