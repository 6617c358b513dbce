"""Opens the campus: database, people, and a server on loopback, at `localhost` so that it is another site than the Tool."""

import logging
import pathlib
import threading

from campus import settings as campus_settings


class Campus:
    """A running campus. `origin` is its address and its issuer."""

    def __init__(self, folder: pathlib.Path):
        logging.basicConfig(filename=folder / "campus.log", level=logging.INFO)
        campus_settings.configure(folder)
        # Only now, since Django and the package read settings as they are imported.
        from django.conf import settings
        from django.core.handlers.wsgi import WSGIHandler
        from django.core.management import call_command
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

        from campus import lms

        class Silent(WSGIRequestHandler):
            def log_message(self, format, *arguments):
                pass

        self._server = ThreadedWSGIServer(("localhost", 0), Silent)
        self.origin = f"http://localhost:{self._server.server_port}"
        settings.LMS_ROOT_URL = settings.LTI_BASE = self.origin
        call_command("migrate", run_syncdb=True, verbosity=0)
        lms.install()
        self._server.set_app(WSGIHandler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    @staticmethod
    def enrol(username, name, role, *, forum_role="", is_staff=False):
        """A person in the course. Returns the id by which Tools will know the person."""
        from django.contrib.auth import get_user_model

        from campus.models import Enrolment, ExternalId, Profile

        user = get_user_model().objects.create_user(username=username, email=f"{username}@maple.example", is_staff=is_staff)
        Profile.objects.create(user=user, name=name)
        Enrolment.objects.create(user=user, role=role, forum_role=forum_role)
        return str(ExternalId.objects.create(user=user).external_user_id)
