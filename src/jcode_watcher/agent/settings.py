"""Everything that can be set in the agent."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from jcode_watcher.agent.placing.kinds import Kind
from jcode_watcher.settings.texts import HostnamePrefix, ListenAddress, NodeName, Url, UrlWithPath

MIB = 1024 * 1024
TIB = 1024 * 1024 * MIB

Label = Annotated[
    str,
    Meta(
        pattern=r"^(?=.{1,317}\Z)([A-Za-z0-9][A-Za-z0-9.-]{0,252}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\Z",
        extra={"allowed": "the name of a label, such as app or example.org/team"},
    ),
]
Seconds = Annotated[float, Meta(gt=0, le=86_400, extra={"unit": "s"})]

Course = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9]+\Z", max_length=64, description="name of a course, letters and digits alone"),
]
Suffix = Annotated[
    str,
    Meta(
        pattern=r"^\.[A-Za-z0-9_+-]{1,15}\Z",
        description="suffix as a dot and 1 to 15 of letters, digits, _, + and -",
    ),
]
FileName = Annotated[
    str, Meta(pattern=r"^[^/\x00]{1,255}\Z", description="name of a file, up to 255 characters without /")
]
FolderName = Annotated[
    str,
    Meta(
        pattern=r"^(?=.{1,255}\Z)(?!\.)[^/<>*\x00]*(<n>|\*)?[^/<>*\x00]*\Z",
        description="name of a folder, not hidden and without /, in which one <n> may stand for a number "
        "or one * for anything",
    ),
]

Kinds = Annotated[
    tuple[Kind, ...], Meta(max_length=64, description="kind of files of which every version is kept")
]
Suffixes = Annotated[
    tuple[Suffix, ...],
    Meta(max_length=64, description="suffix of further files that are kept", extra={"example": ".sql"}),
]
FileNames = Annotated[
    tuple[FileName, ...],
    Meta(
        max_length=64,
        description="whole name of further files that are kept",
        extra={"example": "Dockerfile"},
    ),
]
Assignments = Annotated[
    tuple[FolderName, ...],
    Meta(
        min_length=1,
        max_length=64,
        description="name of the folders that are assignments, <n> for a number, * for anything",
        extra={"example": "hw<n>"},
    ),
]
IgnoredFolders = Annotated[
    tuple[FolderName, ...],
    Meta(
        max_length=64,
        description="name of folders of an assignment that are never looked into; hidden ones and "
        "lib/python* never are",
        extra={"example": "node_modules"},
    ),
]
ContentBytes = Annotated[
    int,
    Meta(
        ge=0,
        le=4 * MIB,
        description="a longer file is reported without its content",
        extra={"unit": "bytes"},
    ),
]


class CourseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in one course; what is not given is as for all."""

    source_kind: Kinds | None = None
    source_suffix: Suffixes | None = None
    source_name: FileNames | None = None
    assignment: Assignments | None = None
    ignored_folder: IgnoredFolders | None = None
    content_bytes_max: ContentBytes | None = None


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The agent's settings; each is a flag, an environment variable and a key of the file."""

    server: Annotated[UrlWithPath, Meta(description="URL of the service, without a user in it")]
    token_file: Annotated[Path, Meta(description="file that holds the agent's bearer token")]
    state: Annotated[Path, Meta(description="folder for the spool; made when absent, one agent a folder")]
    root: Annotated[
        tuple[Path, ...],
        Meta(
            description="folder whose subfolders are workspaces <course>-<section>-<student>",
            extra={"example": "/workspaces"},
        ),
    ] = ()
    hostname_prefix: Annotated[
        tuple[HostnamePrefix, ...],
        Meta(max_length=16, description="what the host name of a student's container begins with"),
    ] = ("jcode-",)
    node: Annotated[
        NodeName, Meta(description="name of this node; where none is given, the machine's host name")
    ] = ""
    pods: Annotated[
        Literal["auto", "off"],
        Meta(
            description="name pods by the Kubernetes API; auto does where this is a pod with a token for it"
        ),
    ] = "auto"
    pod_label: Annotated[
        tuple[Label, ...],
        Meta(
            max_length=16,
            description="label of a pod that its events carry; none but these is kept",
            extra={"example": "app"},
        ),
    ] = ()
    kubernetes_url: Annotated[Url, Meta(description="URL of the Kubernetes API, as seen from a pod")] = (
        "https://kubernetes.default.svc"
    )
    service_account: Annotated[
        Path, Meta(description="folder with a pod's token and ca.crt for the Kubernetes API")
    ] = Path("/var/run/secrets/kubernetes.io/serviceaccount")
    listen: Annotated[ListenAddress, Meta(description="HOST:PORT of /livez, /readyz and /metrics")] = (
        "127.0.0.1:9108"
    )
    procmon: Annotated[bool, Meta(description="watch processes")] = True
    filemon: Annotated[bool, Meta(description="watch files")] = True
    file_mode: Annotated[
        Literal["auto", "handles", "descriptors", "inotify", "rescan"],
        Meta(description="how files are watched; auto takes the first that works"),
    ] = "auto"
    rescan_seconds: Annotated[
        Seconds, Meta(description="pause between two comparisons, where not everything can be heard")
    ] = 10.0
    compare_seconds: Annotated[
        Seconds,
        Meta(description="pause between two comparisons where all is heard but what other machines write"),
    ] = 3600.0
    container_execs_per_second: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="programs of one container told in detail; 0 for no limit, the rest is counted",
        ),
    ] = 2_000
    bpf_pins: Annotated[
        Path | None,
        Meta(
            description="folder in a bpffs, made when absent, in which programs and ring outlive the agent: "
            "what happens meanwhile is kept; one agent a folder"
        ),
    ] = None
    source_kind: Kinds = ("c", "python", "notebook", "java", "javascript", "rust", "go")
    source_suffix: Suffixes = ()
    source_name: FileNames = ()
    assignment: Assignments = ("hw<n>",)
    ignored_folder: IgnoredFolders = ("env", "venv", "site-packages", "node_modules", "__pycache__")
    content_bytes_max: ContentBytes = MIB
    courses: Annotated[
        dict[Course, CourseSettings],
        Meta(
            max_length=256,
            description="what is different in one course, NAME: any of the six settings before this one",
        ),
    ] = {}
    spool_bytes_max: Annotated[
        int,
        Meta(
            ge=256 * 1024,
            # As large as SQLite lets a file of its usual pages grow.
            le=16 * TIB,
            description="size of the spool file; beyond it events are dropped and counted. A file that "
            "grew under a larger limit keeps its size, and is not filled beyond this one",
            extra={"unit": "bytes"},
        ),
    ] = 1024 * MIB
    snapshots: Annotated[
        Path | None,
        Meta(
            description="folder, not made when absent, for a second copy of every version in the layout of "
            "the system before this one"
        ),
    ] = None
    snapshots_free_bytes_min: Annotated[
        int,
        Meta(
            ge=0,
            le=1024 * TIB,
            description="room left free on the disk of the snapshots; where there is less, they wait",
            extra={"unit": "bytes"},
        ),
    ] = 1024 * MIB
    queue_facts_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="facts about processes that wait to be kept; more wait in the ring",
        ),
    ] = 2_000
    queue_bytes_max: Annotated[
        int,
        Meta(ge=1, le=TIB, description="file contents that wait to be kept", extra={"unit": "bytes"}),
    ] = 64 * MIB
    batch_events_max: Annotated[int, Meta(ge=1, le=2_000, description="events in one delivery")] = 500
    batch_bytes_max: Annotated[
        int,
        Meta(ge=1, le=8 * MIB, description="JSON text of one delivery", extra={"unit": "bytes"}),
    ] = 4 * MIB
    heartbeat_seconds: Annotated[Seconds, Meta(description="pause between two monitor.heartbeat")] = 30.0
    retry_seconds_max: Annotated[Seconds, Meta(description="longest pause before a delivery is retried")] = (
        30.0
    )
