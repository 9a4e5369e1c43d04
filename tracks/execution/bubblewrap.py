"""What bubblewrap is told: the options that make a jail, and the files of its /etc.

namespaces(network)   what is not shared with this machine
system(network)       what every jail sees of it: programs, libraries, devices that do no harm
identity(…)           who am I, what is localhost
STAGE                 root's way to show a user what lies in folders that are closed to it
"""

from tracks.statuses import Network

SHM_BYTES = 256 * 1024**2

# $1 $2 are source and place, up to "--"; then comes what to run.
STAGE = """
set -e
mount -t tmpfs -o mode=755,size=1m none /mnt
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir "$2"; else : > "$2"; fi
  mount --bind "$1" "$2"
  shift 2
done
shift
exec "$@"
"""


def namespaces(network: Network) -> list[str]:
    """What the jail does not share with this machine, and that its first process is the keeper."""
    kept_apart = ["user", "pid", "ipc", "uts", *(["net"] if network is Network.LOOPBACK else [])]
    return [
        *(f"--unshare-{name}" for name in kept_apart),
        *("--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session", "--as-pid-1"),
        *("--cap-drop", "ALL"),
    ]


def system(network: Network) -> list[str]:
    """The machine's programs and libraries, and a /dev, /proc and /etc of the jail's own."""
    options = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64"):
        options += ["--symlink", f"usr/{name}", f"/{name}"]
    options += ["--dir", "/etc", "--proc", "/proc", "--dev", "/dev"]
    shared = ["ld.so.cache", "ssl", "alternatives", "localtime", "mime.types", "pki", "ca-certificates"]
    if network is Network.HOST:
        shared += ["resolv.conf"]
    for name in shared:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return [*options, "--size", str(SHM_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108 (the jail's)


def identity(user: int, group: int, hosts: str) -> dict[str, str]:
    """The few files of /etc without which Python programs stumble; ``hosts`` "" is localhost alone."""
    return {
        "passwd": f"tester:x:{user}:{group}:tester:/tmp:/bin/sh\n",
        "group": f"tester:x:{group}:\n",
        "nsswitch.conf": "hosts: files dns\n",
        "hosts": hosts or "127.0.0.1 localhost\n::1 localhost\n",
    }
