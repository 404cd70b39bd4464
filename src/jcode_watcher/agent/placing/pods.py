"""Which pod an event is about, as the Kubernetes API names it. Pure."""

import msgspec

from jcode_watcher.agent.pods.pod import FindPod
from jcode_watcher.events import Subject


def with_pod(subject: Subject | None, find_pod: FindPod) -> Subject | None:
    """Give a subject with what is known at this moment of the pod that its UID names; as it is where nothing.

    The API's name outweighs the host name's, which the student can change.
    """
    if subject is None or subject.pod_uid is None:
        return subject
    pod = find_pod(subject.pod_uid)
    if pod is None:
        return subject
    return msgspec.structs.replace(subject, pod_name=pod.name, pod_owner=pod.owner, pod_labels=pod.labels)
