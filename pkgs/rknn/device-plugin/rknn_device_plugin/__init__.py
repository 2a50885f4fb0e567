"""Tells kubelet of the NPU's cores, hands them out by CDI, withdraws them when they are gone."""

import os

# Its core prints lines such as "E0000 00:00:1700000000.000000 12 chttp2_server.cc:1127] ..."; what
# they say comes as exceptions too.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
