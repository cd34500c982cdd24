"""From where a visitor asks."""

import ipaddress

from allauth.account.adapter import get_adapter


def address_of(request) -> str:
    """The visitor's address as the proxy tells it; of an IPv6 address the network of
    64 bits, since every household has 2⁶⁴ of them to change among. An IPv4 address that
    a socket for both writes as ``::ffff:…`` is what it was."""
    found = ipaddress.ip_address(get_adapter().get_client_ip(request))
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
