"""The campus's pages: to sign in, to look at a component, and what its author sees. All else is the package's."""

import dataclasses
import threading

from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from opaque_keys.edx.keys import UsageKey

from campus import course


@csrf_exempt
@require_POST
def sign_in(request):
    """Opens a session for the person of this name. Passwords are no matter of LTI."""
    login(request, get_user_model().objects.get(username=request.POST["username"]))
    return HttpResponse("signed in", content_type="text/plain")


@require_GET
def component(request, usage_id):
    """A component as it stands in the course: the XBlock's own page, in which a script opens the frame with the Tool."""
    return HttpResponse(_block(request, usage_id).student_view({}).content)


@require_GET
def studio(request, usage_id):
    """A component as its author sees it: the XBlock's own page, with what a Tool must be told."""
    return HttpResponse(_block(request, usage_id).author_view({}).content)


def _block(request, usage_id):
    return course.load(UsageKey.from_string(usage_id), request.user)


urlpatterns = [
    path("sign-in", sign_in),
    path("component/<usage_id>", component),
    path("studio/<usage_id>", studio),
    path("api/", include("lti_consumer.plugin.urls", namespace="lti_consumer")),
]


@dataclasses.dataclass(frozen=True)
class Seen:
    """A request to the package, and its answer's status."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes
    status: int


class Witness:
    """Writes down the requests to the package."""

    _seen = []
    _lock = threading.Lock()

    def __init__(self, get_response):
        self._get_response = get_response

    def __call__(self, request):
        body = request.body  # read here, it is kept for whoever reads it next
        response = self._get_response(request)
        if request.path.startswith("/api/"):
            headers = {name.lower(): value for name, value in request.headers.items()}
            seen = Seen(request.method, request.path, request.GET.dict(), headers, body, response.status_code)
            with self._lock:
                self._seen.append(seen)
        return response

    @classmethod
    def seen(cls, method, path_part):
        """The requests with this method whose path has this part, in order."""
        with cls._lock:
            return [seen for seen in cls._seen if seen.method == method and path_part in seen.path]
