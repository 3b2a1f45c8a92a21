"""The name of a process in leases: host, process and start, so that a restarted process is another owner."""

import os
import socket
import time


def owner_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{time.time_ns():x}"
