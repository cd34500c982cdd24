"""The sites whose films an article may point to. Nothing of them is loaded into a page of
ours: an article shows a card, and the click on it leads there."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HOSTS = {
    "v.qq.com": gettext_lazy("腾讯视频"),
    "www.bilibili.com": gettext_lazy("哔哩哔哩"),
    "v.youku.com": gettext_lazy("优酷"),
    "www.iqiyi.com": gettext_lazy("爱奇艺"),
    "tv.cctv.com": gettext_lazy("央视网"),
    "www.ixigua.com": gettext_lazy("西瓜视频"),
    "www.douyin.com": gettext_lazy("抖音"),
    "channels.weixin.qq.com": gettext_lazy("微信视频号"),
}
_ODD = set("\\\"'<>`{}|^ \t\r\n")


def host_of(url: str) -> str:
    """The site that shows the film of this address, in words; "" for any other
    address, and for one that only looks like it (another port, a name before an @)."""
    if len(url) > 500 or not url.isascii() or not url.isprintable() or _ODD & set(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.path.strip("/"):
        return ""
    return str(HOSTS.get(parts.netloc, ""))


def unknown_in_words() -> str:
    names = "、".join(str(name) for name in HOSTS.values())
    text = _("视频链接请从%(names)s的播放页复制，以https://开头")
    return text % {"names": names}
