"""What the application server loads for the benchmarks beside the portal itself."""

from django.core.wsgi import get_wsgi_application

# Django alone: whatever stands in front of it in unionportal.wsgi is passed by
passed_by = get_wsgi_application()

_BODIES = {}


def bare(environ, start_response):
    """As many bytes as asked for, and nothing else: what any answer costs."""
    size = int(environ["QUERY_STRING"].removeprefix("bytes=") or 0)
    body = _BODIES.setdefault(size, b"x" * size)
    headers = [("Content-Type", "text/html"), ("Content-Length", str(size))]
    start_response("200 OK", headers)
    return [body]
