from django.urls import include, path

from bench import doors
from unionportal.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler500,
)

urlpatterns = [
    path("bench/bare/", doors.bare),
    path("bench/person/", doors.person),
    path("bench/noop/", doors.noop),
    path("", include("unionportal.urls")),
]
