"""What is kept of where somebody logs in: the kind of device, and half an address."""

import ipaddress

from django.utils.translation import gettext as _

# the first that fits; a browser's own line names those it descends from as well
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def kind_of(agent: str) -> str:
    """“Android · 微信” for what a browser says about itself; at most two words of ours,
    never its own text."""
    words = [
        next((word for sign, word in known if sign in agent), "")
        for known in (_SYSTEMS, _BROWSERS)
    ]
    return " · ".join(filter(None, words)) or _("未知设备")


def masked_address(address: str | None) -> str:
    """The first two groups of an address: 203.0.*.*, 2001:db8:*; empty if it is none."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return ".".join(str(found).split(".")[:2]) + ".*.*"
    first, second = found.exploded.split(":")[:2]
    return f"{int(first, 16):x}:{int(second, 16):x}:*"
