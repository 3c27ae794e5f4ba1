"""Under which identity PostgreSQL runs: it refuses root.

An ordinary user runs it directly. Root runs it in a user namespace, where it sees itself as somebody else while its
files stay root's. Where namespaces are forbidden (many containers), it runs as ``nobody``, with binaries and data in
places that ``nobody`` can reach.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Identity:
    """How to start a program that must not be root."""

    name: str
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def dropped(self) -> bool:
        return self.uid is not None

    def subprocess_options(self) -> dict[str, Any]:
        """Arguments for subprocess that take this identity on."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def can(self, access: str, path: Path) -> bool:
        """Whether this identity may read (``r``), write (``w``) or enter and run (``x``) a path, parents included."""
        if not self.dropped:
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[access])
        # Asked of the kernel under that identity: modes, ACLs and mounts all count.
        asked = subprocess.run(
            ["test", f"-{access}", str(path)],
            cwd="/",
            check=False,
            **self.subprocess_options(),
        )
        return bool(asked.returncode == 0)

    def give(self, path: Path) -> None:
        """Make ``path`` and all below it belong to this identity (only root can, and only root has to)."""
        if os.geteuid() != 0:
            return
        uid, gid = (self.uid, self.gid) if self.uid is not None and self.gid is not None else (0, 0)
        if path.stat().st_uid == uid:
            return
        # The top last: it tells whether the work was finished.
        for folder, _, files in os.walk(path, topdown=False):
            for name in files:
                os.chown(Path(folder, name), uid, gid, follow_symlinks=False)
            os.chown(folder, uid, gid)


def identity(environ: Mapping[str, str] | None = None) -> Identity:
    """The identity PostgreSQL will run under here. PATHWAYS_NO_USERNS=1 acts as if namespaces were forbidden."""
    environ = os.environ if environ is None else environ
    if os.geteuid() != 0:
        return Identity("ourselves")
    if not environ.get("PATHWAYS_NO_USERNS") and namespaces_allowed():
        return Identity("a user namespace", prefix=UNSHARE)
    account = pwd.getpwnam(UNPRIVILEGED)
    return Identity(UNPRIVILEGED, uid=account.pw_uid, gid=account.pw_gid)


@cache
def namespaces_allowed() -> bool:
    """Tried, not guessed: sysctl, seccomp, AppArmor and limits can each forbid them."""
    if which(UNSHARE[0]) is None:
        return False
    tried = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
    return tried.returncode == 0
