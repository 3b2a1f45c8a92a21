"""Where the page may be opened from. Any other Host or Origin is refused: no other site may speak for a member."""

from collections.abc import Iterable
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """Allowed origins such as `https://coach.example` or `http://127.0.0.1:8080`."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._secure_by_host: dict[str, bool] = {}
        self._origins: set[str] = set()
        for origin in origins:
            scheme, host = _parts(origin)
            self._secure_by_host[host] = scheme == "https"
            self._origins.add(f"{scheme}://{host}")

    @classmethod
    def loopback(cls, port: int) -> "Origins":
        return cls([f"http://127.0.0.1:{port}", f"http://localhost:{port}"])

    def allows_host(self, host: str) -> bool:
        return host.lower() in self._secure_by_host

    def allows(self, origin: str) -> bool:
        return origin.lower() in self._origins

    def secure(self, host: str) -> bool:
        """Whether the browser reached this host by https, whatever a proxy speaks to us."""
        return self._secure_by_host.get(host.lower(), False)

    def socket_address(self, host: str) -> str:
        """For the content policy: older browsers do not count a websocket as the page's own origin."""
        return f"{'wss' if self.secure(host) else 'ws'}://{host.lower()}"


def _parts(origin: str) -> tuple[str, str]:
    """Scheme and host as browsers write them: lower case, no default port."""
    parts = urlsplit(origin.strip().lower())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"not an origin: {origin!r} (expected e.g. https://coach.example)")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    return parts.scheme, name if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}"
