"""Which addresses of the network anybody may be called at: none that only this machine, or its network, can reach."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that was ever given out
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def is_public(address: Address) -> bool:
    """Whether an address, and every other one that is packed into it, is one of the open internet."""
    return all(_is_open(one) for one in _with_packed(address))


def _is_open(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return any(address in network for network in NAT64[:1])  # judged by the address that is packed into it
    return address.is_global and not address.is_multicast and not address.is_reserved


def _with_packed(address: Address) -> Iterator[Address]:
    """An address, and the IPv4 addresses that gateways would make of it."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:  # the same machine by another spelling
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in network for network in NAT64):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
