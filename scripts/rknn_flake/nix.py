"""Nix in a store of its own: the machine's daemon, nix.conf and /nix stay untouched."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rknn_flake import nix_json, readonly
from rknn_flake.errors import CommandError, RknnError
from rknn_flake.paths import PROJECT, cache_dir, nameable
from rknn_flake.process import TAIL_LINES, Completed, run, tool

HOSTPKGS = PROJECT / "tests" / "hostpkgs"

# What a build may see of the machine.
HOST_TOOLS = ("/usr", "/bin", "/lib", "/lib64", "/etc/alternatives")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

ERROR = re.compile(r"^[ \t]*error:[ \t]*(\S.*)$", re.MULTILINE)
# Nix before 2.9 colours what it says as it crashes, in a pipe too.
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# What Nix adds to any failure: an empty heading, an option of its own, how inputs were replaced.
IDLE = re.compile(
    r"\s*(error:|\(use '--show-trace'.*|warning: not writing modified lock file.*|• .*"
    r"|(→ )?'[a-z+]+:.*'( \(\d{4}-\d\d-\d\d\))?)?"
)


def reason(done: Completed) -> str:
    """Return in one line why Nix failed."""
    text = COLOUR.sub("", done.stderr)
    errors = ERROR.findall(text)
    said = errors[-1] if errors else text.strip().rpartition("\n")[2]
    return str(said) or f"{Path(done.argv[0]).name} ended with status {done.status}"


def rest(done: Completed) -> str:
    """Return the last of what Nix said besides the reason, indented below a message."""
    why = reason(done)
    lines = COLOUR.sub("", done.stderr).splitlines()
    told = [line for line in lines if why not in line and not IDLE.fullmatch(line)]
    return "".join(f"\n  {line}" for line in told[-TAIL_LINES:])


@cache
def _sealing() -> tuple[str, ...]:
    """Return the words before a root's command that keep its builds from writing to the machine."""
    if os.geteuid() != 0:
        return ()
    folders = [path for path in HOST_TOOLS if Path(path).exists()]
    words = (sys.executable, "-P", readonly.__file__, *folders, "--")
    tried = run([*words, "true"], check=False)
    if tried.status != 0:
        raise RknnError(
            "Nix builds of root need mount namespaces, which this container forbids "
            f"({tried.stderr.strip()}); run it as a normal user, or with CAP_SYS_ADMIN"
        )
    return words


@dataclass(frozen=True)
class Nix:
    """Runs `nix` on the store in folder `store`; paths it returns are logical (/nix/store/…).

    `nixpkgs` is the package set the flake's only input is replaced by; None leaves the locked one.
    `build_dir` is where builds believe to be. `overrides` are further inputs with what takes their
    place, and `settings` are Nix's own, laid over those below. Without `host_tools` builds see
    nothing of the machine, and what a package set has in its binary cache may come from there.
    """

    store: Path
    nixpkgs: Path | None = HOSTPKGS
    build_dir: str = "/build"
    flake: Path = PROJECT
    overrides: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    host_tools: bool = True

    @classmethod
    def private(cls, store: Path | None = None) -> Nix:
        """Return Nix on the store in `store`; by default the project's own in the cache."""
        nameable(PROJECT, "move the checkout")
        return cls(store or cache_dir() / "nix" / "store")

    @cached_property
    def environment(self) -> dict[str, str | None]:
        """The settings of every call, in place of whatever nix.conf says on this machine."""
        home = self.store.parent / f"{self.store.name}-state"
        (home / "conf").mkdir(parents=True, exist_ok=True)
        # "repository path … is not owned by current user": sudo runs this on users' checkouts.
        (home / "git").mkdir(exist_ok=True)
        (home / "git" / "config").write_text("[safe]\n\tdirectory = *\n")
        visible = [path for path in HOST_TOOLS if Path(path).exists()]
        if Path(CERTIFICATES).exists():
            # A copy: Nix 2.26 empties this file where a download's sandbox shows it the real one.
            shutil.copy(CERTIFICATES, home / "certificates.crt")
            visible.append(f"{CERTIFICATES}={home / 'certificates.crt'}")
        settings = {
            "experimental-features": "nix-command flakes",
            "build-users-group": "",
            "substituters": "",
            "extra-platforms": "aarch64-linux x86_64-linux",
            "sandbox": "true",
            "sandbox-fallback": "false",
            "sandbox-build-dir": self.build_dir,
            "sandbox-paths": " ".join(visible),
            # Debian's libseccomp may not know every architecture Nix asks for.
            "filter-syscalls": "false",
            "warn-dirty": "false",
            "max-jobs": "auto",
            "flake-registry": "",
        }
        if not self.host_tools:
            del settings["sandbox-paths"], settings["substituters"]
        settings |= dict(self.settings)
        return {
            "NIX_CONFIG": "\n".join(f"{key} = {value}" for key, value in settings.items()),
            "NIX_CONF_DIR": str(home / "conf"),
            "NIX_USER_CONF_FILES": "",
            "NIX_REMOTE": "",
            "XDG_CACHE_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            # A sudo run leaves no file of root's in the checkout, and a git hook's git is not ours.
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_DIR": None,
            "GIT_WORK_TREE": None,
            "GIT_INDEX_FILE": None,
        }

    def call(
        self,
        *args: str | Path,
        check: bool = True,
        env: dict[str, str] | None = None,
        program: str = "nix",
    ) -> Completed:
        """Run `nix --store … ARGS` (or another of Nix's programs) and return what it printed."""
        done = run(
            [*_sealing(), tool(program), "--store", self.store, *args],
            check=False,
            env={**self.environment, **(env or {})},
        )
        if check and done.status != 0:
            raise CommandError(f"{program} {args[0]}: {reason(done)}{rest(done)}")
        return done

    def flake_options(self) -> list[str]:
        """Return the options that put `nixpkgs` in place of the flake's locked input."""
        replaced = [("nixpkgs", f"path:{self.nixpkgs}")] if self.nixpkgs else []
        words = [
            word for pair in (*replaced, *self.overrides) for word in ("--override-input", *pair)
        ]
        return ["--no-write-lock-file", *words]

    def installable(self, attr: str) -> str:
        """Return `attr` of the flake for the command line; Nix sees only files that git tracks."""
        scheme = "git+file" if (self.flake / ".git").exists() else "path"
        return (
            f"{scheme}://{self.flake}#{attr}"
            if scheme == "git+file"
            else f"path:{self.flake}#{attr}"
        )

    def build(self, attr: str, *options: str) -> dict[str, str]:
        """Build the flake's `attr` and return output name -> store path."""
        done = self.call(
            "build", *self.flake_options(), "--no-link", "--json", *options, self.installable(attr)
        )
        return self._outputs(done, attr)

    def build_expression(self, expression: str, *options: str) -> dict[str, str]:
        """Build a Nix expression (it may name files) and return output name -> store path."""
        done = self.call("build", "--impure", "--no-link", "--json", *options, "--expr", expression)
        return self._outputs(done, "--expr …")

    @staticmethod
    def _outputs(done: Completed, what: str) -> dict[str, str]:
        built: list[dict[str, Any]] = json.loads(done.stdout)
        if len(built) != 1:
            raise CommandError(f"nix build {what}: expected one derivation, got {len(built)}")
        return {name: str(path) for name, path in built[0]["outputs"].items()}

    def eval(self, attr: str, *options: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """Return the flake's `attr` as a Python value."""
        done = self.call("eval", *self.flake_options(), "--json", *options, self.installable(attr))
        return json.loads(done.stdout)

    def eval_expression(self, expression: str, *options: str) -> Any:  # noqa: ANN401
        """Return the value of a Nix expression (impure: it may name files)."""
        done = self.call("eval", "--impure", "--json", *options, "--expr", expression)
        return json.loads(done.stdout)

    def physical(self, path: str) -> Path:
        """Return where the logical store path really lies on this machine."""
        return self.store / path.lstrip("/")

    def closure(self, *paths: str) -> tuple[str, ...]:
        """Return all store paths that `paths` need, themselves included, sorted."""
        return tuple(sorted(self.path_info("--recursive", *paths)))

    def nar_hash(self, path: str) -> str:
        """Return the hash of the path's content as Nix serializes it."""
        return str(self.path_info(path)[path]["narHash"])

    def path_size(self, *paths: str) -> int:
        """Return the bytes of the closure of `paths`."""
        return sum(int(info["narSize"]) for info in self.path_info("--recursive", *paths).values())

    def fetched(self, attr: str) -> dict[str, int]:
        """Return the downloads behind `attr` that are here: store path -> bytes."""
        return self._fetched(*self.flake_options(), self.installable(attr))

    def fetched_by_expression(self, expression: str) -> dict[str, int]:
        """Return what `fetched` does, for a Nix expression."""
        return self._fetched("--impure", "--expr", expression)

    def copy_from(self, other: Nix, *paths: str) -> None:
        """Copy store paths, without what they need, from another store into this one."""
        self.call("copy", "--no-check-sigs", "--from", other.store, *paths)

    def derivations(self, *installable: str) -> dict[str, dict[str, Any]]:
        """Return all derivations that `installable` needs, themselves included, by their paths."""
        words = ("--recursive", *installable)
        done = self.call("derivation", "show", *words, check=False)
        if done.status != 0:
            # Nix before 2.14 has it under its old name.
            done = self.call("show-derivation", *words)
        return nix_json.derivations(json.loads(done.stdout))

    def _fetched(self, *installable: str) -> dict[str, int]:
        sizes = {}
        for derivation in self.derivations(*installable).values():
            output = derivation["outputs"].get("out", {})
            if "hash" in output and "path" in output:
                file = self.physical(output["path"])
                if file.is_file():
                    sizes[output["path"]] = file.stat().st_size
        return sizes

    def path_info(self, *args: str) -> dict[str, dict[str, Any]]:
        """Return what `nix path-info --json ARGS` knows of each store path."""
        return nix_json.path_info(json.loads(self.call("path-info", "--json", *args).stdout))
