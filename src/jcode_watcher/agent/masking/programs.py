"""Options whose name does not tell that they take a secret, by the program that takes them."""

from collections.abc import Sequence
from posixpath import basename
from typing import Final, NamedTuple


class Options(NamedTuple):
    """Of one program."""

    apart: tuple[str, ...] = ()
    """The secret is the next argument."""
    joined: tuple[str, ...] = ()
    """The secret follows in the same argument."""
    accounts: tuple[str, ...] = ()
    """The next argument is `name:secret`, or the secret alone where it has no colon but a `%`."""


MYSQL: Final = Options(apart=("-p",), joined=("-p",))
POSTGRES: Final = Options(apart=("-p",))
"""`-p` is the port there; a number is no secret."""
ZIP: Final = Options(apart=("-P",), joined=("-P",))
SEVEN_ZIP: Final = Options(joined=("-p",))
SQL: Final = Options(apart=("-P",), joined=("-P",))
LDAP: Final = Options(apart=("-w",), joined=("-w",))
HTTPIE: Final = Options(accounts=("-a", "--auth"))

OPTIONS: Final[tuple[tuple[str, Options], ...]] = (
    ("mysql mysqldump mysqladmin mysqlimport mysqlshow mariadb mariadb-dump mongo mongosh sshpass", MYSQL),
    ("psql pg_dump pg_restore createdb dropdb pgbench", POSTGRES),
    ("zip unzip", ZIP),
    ("7z 7za 7zr rar unrar", SEVEN_ZIP),
    ("sqlcmd bcp isql tsql", SQL),
    ("ldapsearch ldapmodify ldapadd ldapwhoami", LDAP),
    ("http https xh", HTTPIE),
    ("curl", Options(apart=("-b",), accounts=("-u", "--user", "-U", "--proxy-user"))),
    ("redis-cli", Options(apart=("-a",))),
    ("ssh-keygen", Options(apart=("-N", "-P"))),
    ("openssl", Options(apart=("-k", "-K", "-pass"))),
    ("smbclient", Options(accounts=("-U",))),
    ("docker podman", Options(accounts=("--creds",))),
)
BY_NAME: Final = {name: options for names, options in OPTIONS for name in names.split()}
PREFIXES: Final = frozenset({"env", "sudo", "nice", "timeout", "nohup", "time", "stdbuf", "setsid", "strace"})
"""Programs that execute the program that they are given."""
PREFIX_ARGUMENTS_MAX: Final = 8
"""Where that program stands."""
LOGIN: Final = Options(apart=("-p",))
"""Of `docker login`; elsewhere docker's -p is a port."""


def options_of(argv: Sequence[str]) -> Options | None:
    """Give the options of the program that a command line runs, None where none is known."""
    if not argv:
        return None
    name = basename(argv[0])
    if name in PREFIXES:
        names = map(basename, argv[1:PREFIX_ARGUMENTS_MAX])
        name = next((inner for inner in names if inner in BY_NAME), "")
    if name in {"docker", "podman"} and "login" in argv:
        return LOGIN
    return BY_NAME.get(name)
