"""What a browser would send back of a page without touching it."""

from html.parser import HTMLParser


class _Boxes(HTMLParser):
    def __init__(self, wanted):
        super().__init__()
        self.wanted, self.is_inside = wanted, False
        self.sent, self.box, self.choice = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = attrs.get("id") == self.wanted
        if not self.is_inside or "disabled" in attrs:
            return
        name, kind = attrs.get("name"), attrs.get("type", "text")
        if tag == "input" and name:
            is_ticked = "checked" in attrs
            if kind in ("submit", "file") or (
                kind in ("checkbox", "radio") and not is_ticked
            ):
                return
            unsaid = "on" if is_ticked else ""
            self.sent.setdefault(name, []).append(attrs.get("value", unsaid))
        elif tag == "textarea":
            self.box = name
            self.sent[name] = [""]
        elif tag == "select":
            self.choice = name
            self.sent[name] = []
        elif tag == "option" and self.choice and "selected" in attrs:
            self.sent[self.choice].append(attrs.get("value", ""))

    def handle_data(self, data):
        if self.box:
            self.sent[self.box][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.box:
            self.sent[self.box][0] = self.sent[self.box][0].removeprefix("\n")
            self.box = None
        elif tag == "select":
            self.choice = None
        elif tag == "form":
            self.is_inside = False


def boxes_of(response, form_id) -> dict[str, list[str]]:
    """The boxes of one form of a page, by name, as they would be sent."""
    parser = _Boxes(form_id)
    parser.feed(response.content.decode())
    return parser.sent
