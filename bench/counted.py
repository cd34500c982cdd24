"""The portal with its count of readers and without it, in one process: as each request
asks by ``X-Counted``. Two processes of the same program differ by more than a count costs.
"""

from unionportal import wsgi

counted = wsgi.application
uncounted = counted.__self__.application  # what stands behind the count


def application(environ, start_response):
    asked = counted if environ["HTTP_X_COUNTED"] == "1" else uncounted
    return asked(environ, start_response)
