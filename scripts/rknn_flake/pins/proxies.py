"""Connection pools with the proxies and certificates that the environment names."""

from __future__ import annotations

import os
import re
import ssl
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions

from rknn_flake.pins.client import DownloadError

# Nix's own order.
CERTIFICATES = ("NIX_SSL_CERT_FILE", "SSL_CERT_FILE")


def proxy_for(url: str) -> str | None:
    """Return the URL of the proxy through which to ask for `url`; None: there is none."""
    parts = urlsplit(url)
    found = getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def shown(proxy: str) -> str:
    """Return the proxy's URL without its password."""
    # All up to the last @: the password may hold / and @ that should have been written as %2F, %40.
    return re.sub(r"//.*@", "//", proxy, flags=re.DOTALL)


def pool(scheme: str, proxy: str | None, connections: int) -> urllib3.PoolManager:
    """Return a pool for URLs of `scheme` that keeps so many connections to each host."""
    secure = scheme == "https" or (proxy or "").lower().startswith("https:")
    context = trust() if secure else None
    if proxy is None:
        return urllib3.PoolManager(maxsize=connections, ssl_context=context)
    try:
        return urllib3.ProxyManager(
            proxy,
            maxsize=connections,
            proxy_headers=_login(proxy),
            ssl_context=context,
            proxy_ssl_context=context,
        )
    except (exceptions.HTTPError, ValueError) as error:
        raise DownloadError(
            f"{shown(proxy)}: no proxy that can be used; http_proxy and https_proxy take "
            "http://HOST:PORT"
        ) from error


def _login(proxy: str) -> dict[str, str] | None:
    parts = urlsplit(proxy)
    if parts.username is None:
        return None
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(urllib3.make_headers(proxy_basic_auth=words))


def trust() -> ssl.SSLContext:
    """Return what certificates are held against: the file that is named, or the system's."""
    name = next((name for name in CERTIFICATES if os.environ.get(name)), None)
    try:
        # One for all connections: reading the system's certificates takes a while.
        return ssl.create_default_context(cafile=None if name is None else os.environ[name])
    except OSError as error:
        named = "" if name is None else f"{os.environ[name]}, from {name}: "
        raise DownloadError(
            f"{named}no certificates to read there ({error.strerror or error}); "
            "name a PEM file that exists, or unset the variable"
        ) from error
