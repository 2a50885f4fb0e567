"""Memory does not grow with the file, and nothing is loaded that is not needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rknn_flake.paths import PROJECT
from rknn_flake.process import run
from unit.downloads import BODY, sha256
from unit.loopback import Generated

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.cache import Cache
    from unit.loopback import Server

# Prints the largest size in memory, in KiB: argv has the cache's folder and the URL. ru_maxrss
# would begin with that of pytest, which started this.
PEAK = r"""
import re, sys
from pathlib import Path
from rknn_flake.pins.cache import Cache
from rknn_flake.pins.download import Got, Wanted, download_all
from rknn_flake.progress import SILENT

(result,) = download_all(
    [Wanted("file", (sys.argv[2],))], cache=Cache(Path(sys.argv[1])), jobs=4, bars=SILENT
)
assert isinstance(result[1], Got), result
print(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])
"""
MODULES = """
import sys
from pathlib import Path
from rknn_flake.pins.cache import Cache
from rknn_flake.pins.download import Wanted, download_all
from rknn_flake.progress import SILENT

wanted = [Wanted("file", ("http://nowhere.invalid/",), None, sys.argv[2])]
(result,) = download_all(wanted, cache=Cache(Path(sys.argv[1])), jobs=1, bars=SILENT)
print(result[1].digests.size, *(name for name in ("urllib3", "rich") if name in sys.modules))
"""


def script(text: str, *arguments: str | Path) -> str:
    return run([sys.executable, "-c", text, *arguments], cwd=PROJECT / "scripts").stdout


def test_a_large_file_takes_no_more_memory_than_a_small_one(server: Server, tmp_path: Path) -> None:
    small, large = (
        int(script(PEAK, tmp_path / "pins", server.route(f"/{size}", Generated(size))))
        for size in (1 << 20, 256 << 20)
    )
    assert large - small < 10 << 10, (small, large)
    assert large < 100 << 10, (small, large)


def test_with_all_in_the_cache_no_client_is_loaded(pins_cache: Cache, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(BODY)
    pins_cache.put(made, sha256(BODY))
    assert script(MODULES, pins_cache.root, sha256(BODY)).split() == [str(len(BODY))]
