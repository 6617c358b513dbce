#!/usr/bin/env python3
"""A small Tool on PyLTI1p3, as a user of that library writes one: Flask, the library's own adapter, its own validation.

    tool.py --listen 127.0.0.1:5000 --issuer URL --client-id ID --deployment-id ID --authorization-endpoint URL \
            --token-endpoint URL --jwks-uri URL [--token-audience TEXT] [--key-file tool.pem]

It says on its first line where it listens. What it does:

    GET|POST /login                     third-party-initiated login
    POST     /launch                    a launch: what the library read of it, as JSON; a deep linking request gets a page to choose on
    POST     /launches/ID/choose        the choice, signed, as the page that posts it to the Platform
    GET      /launches/ID/line-item     the line item of the link
    POST     /launches/ID/line-items    finds a line item by its tag, or creates it
    POST     /launches/ID/scores        a score, or a list of them
    GET      /launches/ID/results       results of a line item, all pages; with ?reader=library what get_grades() reads
    GET      /launches/ID/members       the roster, all pages; with ?reader=library what get_members() reads
    GET      /jwks.json                 the Tool's public keys
"""

import argparse
import datetime
import html
import socket
import threading
import time
from urllib.parse import urlsplit, urlunsplit

import flask
import waitress
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, LtiServiceException, OIDCException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.tool_config import ToolConfDict
from requests.utils import parse_header_links

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"

# Pages of a list that are read, whatever the Platform says.
MOST_PAGES = 100

# What a teacher can choose: name, title, points.
LESSONS = [("lenses", "Lenses", 40), ("prisms", "Prisms", 25), ("mirrors", "Mirrors", None)]


class Memory:
    """What the library keeps between requests: the cache that its adapter for Flask asks for, in this process."""

    def __init__(self, most=50_000):
        self._values = {}
        self._most = most
        self._lock = threading.Lock()

    def get(self, key):
        with self._lock:
            value, until = self._values.get(key, (None, 0))
            return value if until > time.monotonic() else None

    def set(self, key, value, lifetime=None):
        with self._lock:
            # Insertion order is age: the oldest makes room.
            if len(self._values) >= self._most:
                del self._values[next(iter(self._values))]
            self._values[key] = (value, time.monotonic() + (lifetime or 3600))


def signing_key(path):
    """The private key in this PEM file, or a fresh one, as the two PEM texts that the library wants."""
    if path:
        with open(path, "rb") as file:
            key = serialization.load_pem_private_key(file.read(), password=None)
    else:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def tool_configuration(options):
    """The one Platform, as the library's configuration."""
    platform = {
        "default": True,
        "client_id": options.client_id,
        "auth_login_url": options.authorization_endpoint,
        "auth_token_url": options.token_endpoint,
        "auth_audience": options.token_audience,
        "key_set_url": options.jwks_uri,
        "deployment_ids": options.deployment_id,
    }
    # A list, so that the client id counts as well as the issuer.
    configuration = ToolConfDict({options.issuer: [platform]})
    private, public = options.key
    configuration.set_private_key(options.issuer, private, options.client_id)
    configuration.set_public_key(options.issuer, public, options.client_id)
    return configuration


def application(options):
    """The Tool as a WSGI application."""
    app = flask.Flask("pylti1p3-tool")
    configuration = tool_configuration(options)
    memory = Memory()

    def storage():
        return FlaskCacheDataStorage(memory)

    def launch_of(launch_id):
        return FlaskMessageLaunch.from_cache(launch_id, FlaskRequest(), configuration, launch_data_storage=storage())

    @app.route("/login", methods=["GET", "POST"])
    def login():
        begun = FlaskOIDCLogin(FlaskRequest(), configuration, launch_data_storage=storage())
        return begun.redirect(f"{options.public_url}/launch")

    @app.post("/launch")
    def launch():
        launch = FlaskMessageLaunch(FlaskRequest(), configuration, launch_data_storage=storage())
        launch.set_public_key_caching(storage(), cache_lifetime=7200)
        launch.validate()
        if launch.is_deep_link_launch():
            return chooser(launch.get_launch_id(), launch.get_launch_data())
        return as_read(launch)

    @app.post("/launches/<launch_id>/choose")
    def choose(launch_id):
        chosen = [resource(lesson, options.public_url) for lesson in LESSONS if lesson[0] in flask.request.form]
        return launch_of(launch_id).get_deep_link().output_response_form(chosen)

    @app.get("/launches/<launch_id>/line-item")
    def line_item(launch_id):
        return as_json(launch_of(launch_id).get_ags().get_lineitem())

    @app.post("/launches/<launch_id>/line-items")
    def line_items(launch_id):
        wanted = flask.request.get_json()
        new = LineItem().set_label(wanted["label"]).set_score_maximum(wanted["scoreMaximum"]).set_tag(wanted["tag"])
        return as_json(launch_of(launch_id).get_ags().find_or_create_lineitem(new, find_by="tag"))

    @app.post("/launches/<launch_id>/scores")
    def scores(launch_id):
        launch = launch_of(launch_id)
        ags, own = launch.get_ags(), launch.get_launch_data()["sub"]
        body = flask.request.get_json()
        for score in body if isinstance(body, list) else [body]:
            column = LineItem().set_id(score["lineItem"]) if "lineItem" in score else None
            ags.put_grade(grade(score, own), column)
        return {"sent": len(body) if isinstance(body, list) else 1}

    @app.get("/launches/<launch_id>/results")
    def results(launch_id):
        launch = launch_of(launch_id)
        line_item = flask.request.args.get("lineItem") or launch.get_launch_data()[AGS_ENDPOINT]["lineitem"]
        if flask.request.args.get("reader") == "library":
            found = launch.get_ags().get_grades(LineItem().set_id(line_item))
            return {"results": found, "pages": 1}
        connector = launch.get_service_connector()
        pages = read_pages(below(line_item, "results"), lambda url: connector.make_service_request(
            [RESULT_SCOPE], url, accept=RESULTS, case_insensitive_headers=True))
        return {"results": [result for page in pages for result in page], "pages": len(pages)}

    @app.get("/launches/<launch_id>/members")
    def members(launch_id):
        launch = launch_of(launch_id)
        nrps = launch.get_nrps()
        if flask.request.args.get("reader") == "library":
            return {"members": nrps.get_members()}
        pages = read_pages(launch.get_launch_data()[NRPS]["context_memberships_url"], nrps.get_nrps_data)
        return {
            "context": pages[0]["context"],
            "members": [member for page in pages for member in page["members"]],
            "pages": len(pages),
        }

    @app.get("/jwks.json")
    def key_set():
        return configuration.get_jwks()

    @app.errorhandler(LtiException)
    @app.errorhandler(OIDCException)
    def refused(error):
        if isinstance(error, LtiServiceException):
            answer = error.response
            return {"error": "the platform refused", "status": answer.status_code, "body": answer.text}, 502
        return {"error": str(error)}, 400

    @app.errorhandler(Exception)
    def unexpected(error):
        # The library's configuration raises the bare class where it does not know an issuer or a client.
        if type(error) is not Exception:
            raise error
        return {"error": str(error)}, 400

    return app


def as_read(launch):
    """What the library read of a launch."""
    claims = launch.get_launch_data()
    has = {"ags": launch.has_ags(), "nrps": launch.has_nrps(), "groups": launch.has_cgs()}
    checks = {
        "student": launch.check_student_access(),
        "teacher": launch.check_teacher_access(),
        "staff": launch.check_staff_access(),
        "assistant": launch.check_teaching_assistant_access(),
    }
    return {"launch": launch.get_launch_id(), "claims": claims, "services": has, "is": checks}


def chooser(launch_id, claims):
    """The page on which a teacher chooses lessons."""
    boxes = "".join(
        f'<p><label><input type="checkbox" name="{name}"> {html.escape(title)}</label></p>' for name, title, _ in LESSONS
    )
    course = html.escape(claims.get(f"{LTI}context", {}).get("title", "the course"))
    return (
        f'<!doctype html><html lang="en"><title>Lessons</title><h1>Lessons for {course}</h1>'
        f'<form method="post" action="/launches/{launch_id}/choose">{boxes}<button>Add</button></form>'
    )


def resource(lesson, public_url):
    """A lesson as a content item."""
    name, title, points = lesson
    item = DeepLinkResource().set_url(f"{public_url}/lessons/{name}").set_title(title).set_custom_params({"lesson": name})
    if points is not None:
        item.set_lineitem(LineItem().set_label(title).set_score_maximum(points).set_tag("grade").set_resource_id(name))
    return item


def grade(score, own):
    """A score as the library's Grade; the person of the launch and this moment, where it says nothing else."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    made = Grade().set_user_id(score.get("userId", own)).set_timestamp(score.get("timestamp", now))
    made.set_activity_progress(score.get("activityProgress", "Completed"))
    made.set_grading_progress(score.get("gradingProgress", "FullyGraded"))
    if "scoreGiven" in score:
        made.set_score_given(score["scoreGiven"]).set_score_maximum(score["scoreMaximum"])
    if "comment" in score:
        made.set_comment(score["comment"])
    return made


def as_json(line_item):
    return {
        "id": line_item.get_id(),
        "label": line_item.get_label(),
        "scoreMaximum": line_item.get_score_maximum(),
        "tag": line_item.get_tag(),
        "resourceId": line_item.get_resource_id(),
        "resourceLinkId": line_item.get_resource_link_id(),
    }


def read_pages(url, ask):
    """The bodies of all pages from this one on. The library finds the next page too, but writes its URL in small letters,
    which only works where the Platform's pages are counted: so the Link header is read here."""
    pages, seen, origin = [], set(), urlsplit(url)[:2]
    while url not in seen and len(pages) < MOST_PAGES:
        if urlsplit(url)[:2] != origin:
            raise LtiException("the next page is at another origin, which must not see the token")
        seen.add(url)
        answer = ask(url)
        pages.append(answer["body"])
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        links = parse_header_links(headers.get("link", ""))
        following = [link["url"] for link in links if link.get("rel") == "next"]
        if not following:
            return pages
        url = following[0]
    raise LtiException("the pages do not end")


def below(line_item, name):
    """An address below a line item's: the path grows, the query stays."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def listener(text):
    """The socket to listen on."""
    host, _, number = text.rpartition(":")
    if host == "fd":
        return socket.socket(fileno=int(number))
    return socket.create_server((host, int(number)))


def parsed(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(description="A small LTI 1.3 Tool on PyLTI1p3.")
    parser.add_argument("--listen", default="127.0.0.1:5000", metavar="ADDRESS",
                        help="host and port, of which 0 is a free one; or fd:N, a socket that whoever starts this has bound")
    parser.add_argument("--public-url", metavar="URL", help="where browsers reach it [default: http:// and the address]")
    parser.add_argument("--issuer", required=True, metavar="URL")
    parser.add_argument("--client-id", required=True, metavar="ID")
    parser.add_argument("--deployment-id", required=True, action="append", metavar="ID", help="can be given several times")
    parser.add_argument("--authorization-endpoint", required=True, metavar="URL")
    parser.add_argument("--token-endpoint", required=True, metavar="URL")
    parser.add_argument("--token-audience", metavar="TEXT", help="[default: the token endpoint]")
    parser.add_argument("--jwks-uri", required=True, metavar="URL", help="the Platform's key set")
    parser.add_argument("--key-file", metavar="FILE", help="the Tool's RSA private key, PEM [default: a fresh one]")
    parser.add_argument("--threads", type=int, default=4, metavar="NUMBER")
    options = parser.parse_args(arguments)
    try:
        options.listener = listener(options.listen)
    except (OSError, ValueError) as error:
        parser.error(f"--listen: {error}")
    try:
        options.key = signing_key(options.key_file)
    except (OSError, ValueError) as error:
        parser.error(f"--key-file: {error}")
    return options


def main():
    options = parsed()
    host, port = options.listener.getsockname()[:2]
    options.public_url = (options.public_url or f"http://{host}:{port}").rstrip("/")
    server = waitress.create_server(application(options), sockets=[options.listener], threads=options.threads)
    print(f"tool listening on {options.public_url}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
