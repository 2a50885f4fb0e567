"""The container engines of the emulated board, their settings, and the image that they run.

They are those of Debian's stable release, on its C library, which takes the place of the guest's
own. They keep images as plain folders: the kernel's overlay module is not on the board.
"""

from __future__ import annotations

from rknn_flake import debian

LIBRARIES = (
    *("acl", "assuan", "atomic", "attr", "audit", "bsd", "bz2", "c", "cap", "cap-ng", "crypt"),
    *("dl", "glib-2.0", "gpg-error", "gpgme", "m", "md", "nss_files", "pam", "pam_misc"),
    *("pcre2-8", "pthread", "resolv", "rt", "seccomp", "selinux", "semanage", "sepol"),
    *("sqlite3", "subid", "systemd", "yajl"),
)
ENGINES = debian.Request(
    "engines",
    ("conmon", "containerd", "crun", "libc6", "podman", "runc", "uidmap"),
    only=r"conmon|containerd|crun|golang-github-containers-common|lib.*|podman|runc|uidmap",
    keep=(
        *(f"usr/bin/{name}" for name in ("conmon", "crun", "podman", "newgidmap", "newuidmap")),
        *(f"usr/bin/{name}" for name in ("containerd", "containerd-shim-runc-v2", "ctr")),
        "usr/sbin/runc",
        "usr/share/containers/seccomp.json",
        "usr/lib/ld-linux-aarch64.so.1",
        "usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1",
        *(f"usr/lib/aarch64-linux-gnu/lib{name}.so.*" for name in LIBRARIES),
    ),
    suite="trixie",
)
RENDER_GID = 105
USER, OUTSIDER = "user", "outsider"
IMAGE = "localhost/rknn:1"
ARCHIVE = "/run/image.tar"
# What an image would hold, were the board's memory larger: the containers' only other mounts.
MOUNTED = ("/nix/store", "/srv", "/usr/lib/aarch64-linux-gnu", "/usr/lib/python3.11")
CONTAINERD = "/etc/containerd/config.toml"
WITHOUT_CDI = "/etc/containerd/without-cdi.toml"
CONTAINERD_CONFIG = f"""version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{IMAGE}"
enable_cdi = true
cdi_spec_dirs = ["/etc/cdi", "/var/run/cdi"]
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
"""
STORAGE = '[storage]\ndriver = "vfs"\n'
FILES = {
    CONTAINERD: CONTAINERD_CONFIG,
    WITHOUT_CDI: CONTAINERD_CONFIG.replace("enable_cdi = true", "enable_cdi = false"),
    "/etc/containers/containers.conf": (
        '[containers]\nlog_driver = "none"\n'
        '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n'
    ),
    "/etc/containers/policy.json": '{"default": [{"type": "insecureAcceptAnything"}]}',
    "/etc/containers/storage.conf": (
        f'{STORAGE}runroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n'
    ),
    "/etc/group": f"root:x:0:\nrender:x:{RENDER_GID}:{USER}\n{USER}:x:1000:\n{OUTSIDER}:x:1001:\n",
    "/etc/passwd": (
        "root:x:0:0::/root:/bin/sh\n"
        f"{USER}:x:1000:1000::/var/lib/{USER}:/bin/sh\n"
        f"{OUTSIDER}:x:1001:1001::/var/lib/{OUTSIDER}:/bin/sh\n"
    ),
    **{
        f"/etc/{name}": f"{USER}:100000:65536\n{OUTSIDER}:200000:65536\n"
        for name in ("subgid", "subuid")
    },
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/resolv.conf": "",
    **{f"/var/lib/{user}/.config/containers/storage.conf": STORAGE for user in (USER, OUTSIDER)},
}
# netavark makes networks, which no container here has, and podman wants to see it all the same.
SETUP = f"""set -e
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /dev/pts /dev/shm /usr/libexec/podman
mount -t devpts none /dev/pts
mount -t tmpfs -o mode=1777 none /dev/shm
mount --make-rshared /
chmod 1777 /var/tmp
chmod 666 /dev/full /dev/null /dev/random /dev/tty /dev/urandom /dev/zero
chmod u+s /usr/bin/newgidmap /usr/bin/newuidmap
ln -s /run /var/run
ln -s /usr/bin/busybox /usr/libexec/podman/netavark
for user in {USER} {OUTSIDER}; do
  mkdir -p /run/user/$user
  chmod 700 /run/user/$user
  chown -R $user /run/user/$user /var/lib/$user
done
mkdir /run/image && cd /run/image
mkdir -p dev etc proc run sys tmp usr/bin usr/lib var {" ".join(path[1:] for path in MOUNTED)}
chmod 1777 tmp
cp -a /usr/bin/busybox /usr/bin/python3.11 usr/bin
cp -a /usr/lib/ld-linux-aarch64.so.1 usr/lib
cp /etc/passwd /etc/group etc
ln -s usr/bin usr/lib .
for name in env ls sh sleep; do ln -s busybox usr/bin/$name; done
tar cf {ARCHIVE} .
touch /run/dockerenv
podman import --quiet --change 'CMD ["/usr/bin/sleep", "1000000"]' {ARCHIVE} {IMAGE}
"""
