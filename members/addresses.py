"""From where a visitor asks."""

import ipaddress

from allauth.account.adapter import get_adapter

from members import browsers


def address_of(request) -> str:
    """The visitor's address as the proxy tells it; of an IPv6 address the network of
    64 bits, since every household has 2⁶⁴ of them to change among. An IPv4 address that
    a socket for both writes as ``::ffff:…`` is what it was."""
    found = ipaddress.ip_address(get_adapter().get_client_ip(request))
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def device_of(request) -> str:
    """The kind of device and half an address, as is kept of a log-in: “Android · 微信
    10.1.*.*”. A sign that many look alike, never enough to find one."""
    address = browsers.masked_address(get_adapter().get_client_ip(request))
    return f"{browsers.kind_of(request.headers.get('User-Agent', ''))} {address}"
