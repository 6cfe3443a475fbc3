"""A bad line between two hosts, in user space: real kernel TCP on both sides, our own loss and delay between.

Two TUN devices, each in a network namespace of its own, so that nothing of this touches the machine's own network.
Packets queue for a transmitter of a fixed rate, are lost with a fixed chance drawn from a seeded generator, and the
others arrive after a fixed delay. Only as root, with /dev/net/tun; no kernel module for shaping is needed.
"""

import fcntl
import os
import random
import select
import struct
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.dag.flows import Flows

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MTU = 1500
FIELD, SERVER = "198.51.100.1", "198.51.100.2"
"""TEST-NET-2 (RFC 5737), known only inside the two namespaces."""
PREFIX = "veldboek-dag"


@dataclass(frozen=True)
class Quality:
    """Of the line, the same both ways: bits a second, seconds one way, chance of loss, packets that may wait."""

    rate: int = 1_000_000
    delay: float = 0.150
    loss: float = 0.02
    queue: int = 64
    seed: int = 1


@dataclass
class Way:
    """One direction."""

    quality: Quality
    target: int
    """Descriptor of the device on which packets come out."""
    chance: random.Random
    flows: Flows = field(default_factory=Flows)
    free: float = 0.0
    under_way: deque[tuple[float, bytes]] = field(default_factory=deque)
    packets: int = 0
    lost: int = 0
    full: int = 0
    """Packets that found the queue full: TCP sent faster than the line."""

    def take(self, packet: bytes, now: float) -> None:
        """A packet enters the queue, if there is room; the air loses it after it was sent."""
        self.packets += 1
        self.flows.sent(packet)
        begin = max(now, self.free)
        if (begin - now) * self.quality.rate > self.quality.queue * MTU * 8:
            self.full += 1
            return
        self.free = begin + len(packet) * 8 / self.quality.rate
        if self.chance.random() < self.quality.loss:
            self.lost += 1
            return
        self.under_way.append((self.free + self.quality.delay, packet))

    def deliver(self, now: float) -> None:
        """What is due comes out."""
        while self.under_way and self.under_way[0][0] <= now:
            _, packet = self.under_way.popleft()
            with suppress(OSError):  # the device is down: the other side is gone
                os.write(self.target, packet)
            self.flows.delivered(packet, now)


@dataclass
class Line:
    """Both directions, and the names of the namespaces at the ends."""

    field_end: str
    server_end: str
    up: Way
    down: Way
    ends: tuple[int, int]

    def carry(self, until: Callable[[], bool]) -> None:
        """Pass packets until `until` says so; it is asked ten times a second."""
        near, far = self.ends
        ways = {near: self.up, far: self.down}
        asked = 0.0
        while True:
            now = time.monotonic()
            if now - asked > 0.1:  # noqa: PLR2004
                if until():
                    return
                asked = now
            due = min((way.under_way[0][0] for way in ways.values() if way.under_way), default=now + 0.1)
            ready, _, _ = select.select([near, far], [], [], min(max(due - now, 0), 0.1))
            now = time.monotonic()
            for end in ready:
                with suppress(BlockingIOError):
                    while True:
                        ways[end].take(os.read(end, 65536), now)
            for way in ways.values():
                way.deliver(now)


def why_not() -> str | None:
    """Why this machine cannot make a line, or None."""
    if os.geteuid() != 0:
        return "not root: a network namespace and /dev/net/tun need it"
    if not Path("/dev/net/tun").exists():
        return "/dev/net/tun is not there"
    try:
        subprocess.run(["ip", "-V"], check=True, capture_output=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return "the command `ip` (iproute2) is not there"
    return None


@contextmanager
def bad_line(quality: Quality) -> Iterator[Line]:
    """The line, taken away again whatever happens; what a killed run left behind goes first."""
    clear_left_behind()
    names = [f"{PREFIX}-{side}-{os.getpid()}" for side in ("veld", "server")]
    descriptors: list[int] = []
    try:
        for name, device, own, other in ((names[0], "vbveld", FIELD, SERVER), (names[1], "vbserver", SERVER, FIELD)):
            ip("netns", "add", name)
            descriptors.append(open_tun(f"{device}{os.getpid() % 10000}"))
            set_up(name, f"{device}{os.getpid() % 10000}", own, other)
        near, far = descriptors
        seeds = random.Random(quality.seed)  # noqa: S311  # loss is drawn, not kept secret
        up, down = (
            Way(quality, target, random.Random(seeds.random()))  # noqa: S311
            for target in (far, near)
        )
        yield Line(names[0], names[1], up, down, (near, far))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)  # the device goes with it
        for name in names:
            with suppress(subprocess.CalledProcessError):
                ip("netns", "del", name)


def clear_left_behind() -> None:
    """Namespaces of ours whose process is gone."""
    listed = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout  # noqa: S607
    for line in listed.splitlines():
        name = line.split(" ")[0]
        if name.startswith(PREFIX) and not Path(f"/proc/{name.rpartition('-')[2]}").exists():
            ip("netns", "del", name)


def open_tun(device: str) -> int:
    """A TUN device; its packets are read from and written to the descriptor."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    return descriptor


def set_up(namespace: str, device: str, own: str, other: str) -> None:
    """Move the device into its namespace and give it its address."""
    ip("link", "set", device, "netns", namespace)
    ip("netns", "exec", namespace, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1")
    ip("-n", namespace, "link", "set", "lo", "up")
    ip("-n", namespace, "addr", "add", own, "peer", other, "dev", device)
    ip("-n", namespace, "link", "set", device, "mtu", str(MTU), "up")


def ip(*words: str) -> None:
    """`ip …`; raises CalledProcessError."""
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S603, S607
