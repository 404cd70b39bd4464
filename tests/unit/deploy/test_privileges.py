"""What the pods may do: each line of the posture with the reason why it is so and not wider."""

from typing import Any, NamedTuple

import pytest

Document = dict[str, Any]


class Line(NamedTuple):
    """One value of the posture; `path` walks from the pod's spec, `None` stands for absent."""

    path: str
    value: object
    reason: str


AGENT = (
    Line("hostPID", True, "students' pids and /proc are the node's"),
    Line("hostNetwork", False, "a NetworkPolicy holds only in a network of its own"),
    Line("hostIPC", False, "nothing is shared that way"),
    Line("hostUsers", None, "capabilities in a user namespace reach nothing of the node"),
    Line("shareProcessNamespace", None, "hostPID is the only PID namespace needed"),
    Line("enableServiceLinks", False, "variables named after foreign Services are no settings"),
    Line("automountServiceAccountToken", False, "the one token is a volume that can be taken away"),
    Line("priorityClassName", "system-node-critical", "a full node does not evict its witness"),
    Line("terminationGracePeriodSeconds", 30, "time to write down what is in hand"),
    Line("tolerations", [{"operator": "Exists"}], "a tainted node has students too"),
    Line("securityContext.seccompProfile.type", "RuntimeDefault", "allows what the capabilities need"),
    Line("initContainers", None, "no second program with the same rights"),
    Line("containers.0.securityContext.privileged", False, "five capabilities suffice"),
    Line("containers.0.securityContext.allowPrivilegeEscalation", False, "no_new_privs holds"),
    Line("containers.0.securityContext.readOnlyRootFilesystem", True, "nothing is written but spool and tmp"),
    Line("containers.0.securityContext.runAsUser", 0, "added capabilities take effect for uid 0 only"),
    Line("containers.0.securityContext.runAsGroup", 0, "no group of the node"),
    Line("containers.0.securityContext.seccompProfile.type", "RuntimeDefault", "as for the pod"),
    Line("containers.0.securityContext.appArmorProfile.type", "Unconfined", "else ptrace read is denied"),
    Line("containers.0.securityContext.procMount", None, "the runtime's masks of /proc stay"),
    Line("containers.0.securityContext.capabilities.drop", ["ALL"], "what is not named is not held"),
    Line(
        "containers.0.securityContext.capabilities.add",
        ["BPF", "PERFMON", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_ADMIN"],
        "load, attach, read /proc, read by handle, mark a file system",
    ),
    Line("containers.0.resources.limits", {"cpu": "1", "memory": "512Mi"}, "it cannot hurt the node"),
    Line("containers.0.livenessProbe.httpGet.path", "/livez", "says nothing of the service"),
    Line("containers.0.startupProbe.httpGet.path", "/livez", "a refused token is no reason to restart"),
    Line("containers.0.readinessProbe.httpGet.path", "/readyz", "the roll-out waits for it"),
    Line("containers.0.envFrom", None, "settings are few and stand in the manifest"),
)

# The Pod Security level "restricted", line by line, and a read-only root.
SERVICE = (
    Line("hostPID", None, "restricted"),
    Line("hostNetwork", None, "restricted"),
    Line("hostIPC", None, "restricted"),
    Line("enableServiceLinks", False, "variables named after foreign Services are no settings"),
    Line("automountServiceAccountToken", False, "the service does not speak to the Kubernetes API"),
    Line("securityContext.runAsNonRoot", True, "restricted"),
    Line("securityContext.runAsUser", 65532, "a number, so that the kubelet can check it"),
    Line("securityContext.fsGroup", 65532, "the volume becomes writable"),
    Line("securityContext.seccompProfile.type", "RuntimeDefault", "restricted"),
    Line("containers.0.securityContext.runAsUser", None, "the pod's holds"),
    Line("containers.0.securityContext.privileged", False, "restricted"),
    Line("containers.0.securityContext.allowPrivilegeEscalation", False, "restricted"),
    Line("containers.0.securityContext.capabilities", {"drop": ["ALL"]}, "restricted"),
    Line("containers.0.securityContext.readOnlyRootFilesystem", True, "nothing is written but data and tmp"),
    Line("containers.0.livenessProbe.httpGet.path", "/livez", "restart only what is stuck"),
    Line("containers.0.readinessProbe.httpGet.path", "/readyz", "no traffic before the store is open"),
    Line("tolerations", None, "runs where the cluster wants it"),
)


def at(pod: Document, path: str) -> object:
    """Give the value at a dotted path, None where there is none."""
    value: Any = pod
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return value


@pytest.mark.parametrize("line", AGENT, ids=lambda line: line.path)
def test_the_agent_has_these_privileges_and_no_wider(daemon_set: Document, line: Line) -> None:
    assert at(daemon_set["spec"]["template"]["spec"], line.path) == line.value, line.reason


@pytest.mark.parametrize("line", SERVICE, ids=lambda line: line.path)
def test_the_service_would_pass_the_restricted_level(stateful_set: Document, line: Line) -> None:
    assert at(stateful_set["spec"]["template"]["spec"], line.path) == line.value, line.reason


def test_no_pod_has_a_second_container(daemon_set: Document, stateful_set: Document) -> None:
    for workload in (daemon_set, stateful_set):
        assert len(workload["spec"]["template"]["spec"]["containers"]) == 1


def test_the_agent_writes_only_its_spool_and_tmp(daemon_set: Document) -> None:
    (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
    writable = {mount["name"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
    assert writable == {"spool", "tmp"}


def test_the_agent_sees_three_folders_of_the_node_and_no_socket(daemon_set: Document) -> None:
    volumes = daemon_set["spec"]["template"]["spec"]["volumes"]
    host_paths = {
        volume["hostPath"]["path"]: volume["hostPath"]["type"] for volume in volumes if "hostPath" in volume
    }
    assert host_paths == {
        "/srv/jcode/workspaces": "Directory",
        "/sys/fs/cgroup": "Directory",
        "/var/lib/jcode-watcher": "DirectoryOrCreate",
    }


def test_a_volume_that_the_node_mounts_later_reaches_the_agent(daemon_set: Document) -> None:
    (container,) = daemon_set["spec"]["template"]["spec"]["containers"]
    (workspaces,) = [mount for mount in container["volumeMounts"] if mount["name"] == "workspaces"]
    assert workspaces["mountPropagation"] == "HostToContainer"


def test_an_update_blinds_one_node_at_a_time(daemon_set: Document) -> None:
    assert daemon_set["spec"]["updateStrategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
    }


def test_the_service_touches_nothing_of_the_node(stateful_set: Document) -> None:
    volumes = stateful_set["spec"]["template"]["spec"]["volumes"]
    assert [set(volume) - {"name"} for volume in volumes] == [{"emptyDir"}]


def test_one_process_owns_the_database(stateful_set: Document) -> None:
    assert stateful_set["spec"]["replicas"] == 1
    (claim,) = stateful_set["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]


def test_no_account_hands_its_token_to_a_pod_that_does_not_name_it(documents: list[Document]) -> None:
    accounts = [document for document in documents if document["kind"] == "ServiceAccount"]
    assert [account["automountServiceAccountToken"] for account in accounts] == [False, False]


def test_the_agents_role_lists_and_watches_pods_only(documents: list[Document]) -> None:
    (role,) = [document for document in documents if document["kind"].endswith("Role")]
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"]}]


def test_nobody_but_the_agents_account_has_a_role(documents: list[Document]) -> None:
    (binding,) = [document for document in documents if document["kind"].endswith("RoleBinding")]
    (role,) = [document for document in documents if document["kind"].endswith("Role")]
    agent = {"kind": "ServiceAccount", "name": "jcode-watcher-agent", "namespace": "jcode-watcher"}
    assert binding["subjects"] == [agent]
    assert (binding["roleRef"]["kind"], binding["roleRef"]["name"]) == (
        role["kind"],
        role["metadata"]["name"],
    )


def projected(workload: Document) -> list[Document]:
    volumes = workload["spec"]["template"]["spec"]["volumes"]
    return [volume for volume in volumes if "projected" in volume]


def test_only_the_agents_pod_has_a_token_and_it_is_replaced_within_the_hour(
    daemon_set: Document, stateful_set: Document
) -> None:
    (volume,) = projected(daemon_set)
    token, authority = volume["projected"]["sources"]
    assert token == {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}
    assert authority["configMap"]["items"] == [{"key": "ca.crt", "path": "ca.crt"}]
    assert projected(stateful_set) == []


def test_a_cluster_without_that_authority_still_has_an_agent(daemon_set: Document) -> None:
    (volume,) = projected(daemon_set)
    assert volume["projected"]["sources"][1]["configMap"]["optional"] is True
