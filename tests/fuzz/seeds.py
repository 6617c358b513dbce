#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets, seeds/<target>/<name>, and the words in them, dictionaries/<target>.

They come from what the repository has already (the payloads in events/, the configurations of products) and from what
Platforms send, as the specifications and known products write it. `--check` writes nothing and fails if they differ.
"""

import base64
import copy
import json
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
LIS = "http://purl.imsglobal.org/vocab/lis/v2/"

seeds = {}


def seed(target, name, *lines):
    """One input: its lines, objects as JSON in one line."""
    text = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    seeds[f"{target}/{name}"] = "\n".join(text).encode()


def event(name):
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def body(name):
    payload = event(name)
    text = payload.get("body") or ""
    return base64.b64decode(text).decode() if payload["isBase64Encoded"] else text


def form(name):
    """Query and form of a payload. A binary state is another in each of them, and says nothing here."""
    fields = [(n, v) for n, v in urllib.parse.parse_qsl(body(name)) if n not in ("state", "id_token", "registration")]
    return event(name)["rawQueryString"], urllib.parse.urlencode(fields)


def claims(name):
    token = dict(urllib.parse.parse_qsl(body(name)))["id_token"]
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims.update({"iss": "https://lms.example", "aud": "client-1", "azp": "client-1", "nonce": "nonce-1"})
    claims.update({"iat": 1_800_000_000, "exp": 1_800_000_300, CLAIM + "deployment_id": "1"})
    return claims


def without_some(claims, *names):
    return {name: value for name, value in claims.items() if name not in names}


LAUNCHES = ["launch.resource-link", "launch.deep-linking", "launch.submission-review", "launch.data-privacy"]
HEADER = {"typ": "JWT", "alg": "ES256", "kid": "key-1"}
link = claims("launch.resource-link")

for launch in LAUNCHES:
    name = launch.removeprefix("launch.")
    seed("id_token", name, HEADER, claims(launch))
    seed("claims", name, claims(launch))
    seed("packing", name, claims(launch))
seed("id_token", "two-audiences", HEADER, link | {"aud": ["client-1", "other"]})
seed("id_token", "list-of-one-audience", HEADER, without_some(link, "azp") | {"aud": ["client-1"]})
seed("id_token", "anonymous", HEADER, without_some(link, "sub", "name", "email", "given_name", "family_name"))
seed("id_token", "not-before", HEADER, link | {"nbf": 1_800_000_060})
seed("id_token", "critical-header", HEADER | {"crit": ["exp"]}, link)
seed("id_token", "none", {"alg": "none", "kid": "key-1"}, link)
seed("id_token", "as-it-comes", dict(urllib.parse.parse_qsl(body("launch.resource-link")))["id_token"][:2000])

legacy = {
    "oauth_consumer_key": "consumer",
    "oauth_consumer_key_sign": base64.b64encode(bytes(32)).decode(),
    "user_id": "u-11",
    "context_id": "c-11",
    "resource_link_id": "r-11",
    "tool_consumer_instance_guid": "g-11",
}
slim = {
    "sub": "u-13",
    "exp": 1_800_000_300,
    "nonce": "nonce-1",
    CLAIM + "message_type": "LtiResourceLinkRequest",
    CLAIM + "resource_link": {"id": "r-13"},
    CLAIM + "context": {"id": "c-13", "type": ["CourseSection"]},
    CLAIM + "tool_platform": {"guid": "g-13", "product_family_code": "canvas"},
}
odd = {
    CLAIM + "message_type": "LtiResourceLinkRequest",
    CLAIM + "resource_link": {"id": 17, "title": 3.5},
    CLAIM + "context": [],
    CLAIM + "custom": {"due": None, "try": 2, "late": True, "list": [1]},
    CLAIM + "launch_presentation": {"height": "320", "width": 240.5},
    CLAIM + "role_scope_mentor": ["u-1", "", None],
    CLAIM + "roles": [
        "Mentor",
        LIS + "membership/Learner#Instructor",
        LIS + "person#Administrator",
        "urn:lti:role:ims/lis/Instructor/TeachingAssistant",
        "urn:lti:sysrole:ims/lis/SysAdmin",
        7,
    ],
    AGS: {"scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score", "lineitem": "https://lms.example/li/1?t=2"},
}
for target in ["claims", "migration", "packing"]:
    seed(target, "legacy", slim | {CLAIM + "lti1p1": legacy})
    seed(target, "legacy-of-another", slim | {CLAIM + "lti1p1": legacy | {"oauth_consumer_key": "other"}})
    seed(target, "legacy-user-alone", slim | {CLAIM + "lti11_legacy_user_id": "u-11"})
    seed(target, "odd", odd)

for payload in ["login.canvas", "login.get", "login.post", "login.unknown-platform", "launch.platform-error"]:
    seed("form", payload, *form(payload))
seed("form", "response", "", "id_token=eyJ.e30.AA&state=AAAA&utf8=%E2%9C%93")
seed("form", "twice", "iss=https%3A%2F%2Flms.example", "iss=https%3A%2F%2Fother.example")
seed("state", "canvas", form("login.canvas")[1])
seed(
    "state",
    "long-hint",
    "iss=https://lms.example&login_hint=1&target_link_uri=https://app.example/&lti_message_hint=" + "h" * 1100,
)
seed("state", "sealed", base64.urlsafe_b64encode(bytes(range(120))).decode())

n = base64.urlsafe_b64encode(b"\xc3" + bytes((i * 37 + 11) % 251 for i in range(254)) + b"\x05").decode().rstrip("=")
rsa = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa-1", "n": n, "e": "AQAB"}
# The point that every key of the curve is made from.
ec = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "ec-1",
    "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
    "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
}
seed("key_set", "rsa-and-ec", {"keys": [rsa, ec, {"kty": "oct", "kid": "secret", "k": "AAAA"}]})
seed("key_set", "one-id-twice", {"keys": [rsa, ec | {"kid": "rsa-1"}, rsa | {"use": "enc"}, rsa | {"e": "Ag"}]})
seed("key_set", "padded", {"keys": [rsa | {"n": "AA" + n + "==", "key_ops": ["verify"], "alg": None}]})
seed("key_set", "none", {"keys": []})

settings = {
    "deep_link_return_url": "https://lms.example/return",
    "accept_types": ["link", "file", "html", "ltiResourceLink", "image"],
    "accept_media_types": "image/*,application/pdf",
    "accept_presentation_document_targets": ["iframe", "window", "embed"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "data": "csrf:1",
}
items = [
    {
        "type": "ltiResourceLink",
        "title": "A quiz",
        "url": "https://app.example/quizzes/7?v=2",
        "icon": {"url": "https://app.example/icon.png", "width": 100, "height": 100},
        "custom": {"quiz": "7", "due": "$ResourceLink.submission.endDateTime"},
        "lineItem": {"scoreMaximum": 87, "label": "A quiz", "resourceId": "7", "tag": "originality"},
        "available": {"startDateTime": "2026-02-06T20:05:02Z", "endDateTime": "2026-03-07T20:05:02Z"},
        "submission": {"endDateTime": "2026-03-06T20:05:02+01:00"},
        "window": {"targetName": "quiz", "windowFeatures": "left=100"},
    },
    {"type": "link", "url": "https://somewhere.example/page", "embed": {"html": "<p>x</p>"}, "iframe": {"width": 5}},
    {"type": "file", "url": "https://app.example/a.pdf", "mediaType": "application/pdf", "expiresAt": "2026-03-06T20:05:02Z"},
    {"type": "html", "html": "<h1>A title</h1>"},
    {"type": "image", "url": "https://app.example/i.png", "width": 320, "thumbnail": {"url": "https://app.example/t.png"}},
]
seed("content_items", "all", settings, {"contentItems": items, "msg": " Done. ", "log": "done"})
seed("content_items", "event", settings, body("deep-link.respond"))
seed("content_items", "nothing", settings | {"accept_multiple": "false"}, {"errormsg": "Nothing was chosen", "contentItems": None})
seed("content_items", "script", settings, {"contentItems": [{"type": "link", "url": "javascript:alert(1)"}]})
seed("content_items", "extension", settings | {"accept_types": ["https://v.example/t"]}, {"contentItems": [{"type": "https://v.example/t", "x": 1}]})

seed("link_header", "one", '<https://lms.example/members?page=2>; rel="next"')
seed("link_header", "canvas", "<https://lms.example/m?page=1>; rel=\"current\",<https://lms.example/m?page=2&bookmark=a,b>; rel=\"next\",<https://lms.example/m?page=1>; rel=\"first\"")
seed("link_header", "moodle", "<https://lms.example/m?limitfrom=2&amp;limitnum=2>; rel=\u201cnext\u201d", "<?since=1>; rel=differences")
seed("link_header", "quoted", '</m?page=2>; title="a, <b>; \\"c\\""; rel="prev next"', "<>; rel=next", "<x:y>; rel=next")

for configuration in sorted((ROOT / "shared/lti/tests/dynamic_registration/configurations").glob("*.json")):
    document = json.loads(configuration.read_text())
    for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"]:
        document[name] = "https://lms.example" + (urllib.parse.urlsplit(document[name]).path if name != "issuer" else "")
    seed("registration_document", configuration.stem, document)
tool_key = "https://purl.imsglobal.org/spec/lti-tool-configuration"
registered = {
    "client_id": "client-1",
    "registration_access_token": "t",
    "registration_client_uri": "https://lms.example/register/1",
    "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score openid",
    "redirect_uris": ["https://old.example/lti/launch"],
    tool_key: {
        "deployment_id": "1",
        "domain": "old.example",
        "custom_parameters": [],
        "messages": [{"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"], "label": "Old"}],
        "https://canvas.instructure.com/lti/vendor": "Old",
    },
}
seed("registration_document", "response", registered)
seed("registration_document", "response-number", {"client_id": 77, tool_key: {}, "scope": ["a b", "c"]})

score = json.loads(body("scores.publish"))
seed("score", "event", score)
full = score | {
    "comment": "Well done",
    "scoringUserId": "41",
    "submission": {"startedAt": "2026-01-31T12:00:00Z", "submittedAt": "2026-01-31T12:34:56.789+01:00"},
    "https://canvas.instructure.com/lti/submission": {"new_submission": False},
}
seed("score", "full", full)
seed("score", "progress", {"activityProgress": "InProgress", "gradingProgress": "NotReady", "comment": None})
# 14 of 15 points.
seed("score", "share", full | {"scoreGiven": 93.33333333333333, "scoreMaximum": 100})
seed("json", "numbers", {"a": 93.33333333333333, "b": 18446744073709551616, "c": 5e-324, "d": -0.0, "e": 0.30000000000000004})
seed("score", "waits", {"activityProgress": "Submitted", "gradingProgress": "PendingManual", "scoreGiven": 0.1, "scoreMaximum": 1e2})

item = {
    "label": "Chapter 5",
    "scoreMaximum": 60.5,
    "resourceId": "a-9334df-33",
    "tag": "grade",
    "resourceLinkId": "r-1",
    "startDateTime": "2026-03-06T20:05:02Z",
    "endDateTime": "2026-04-06T22:05:03.5Z",
    "gradesReleased": True,
    "submissionReview": {"reviewableStatus": ["Completed"], "label": "Open", "url": "https://app.example/", "custom": {"a": "b"}},
    "https://vendor.example/x": {"y": 1},
}
seed("line_item", "full", item)
seed("line_item", "unset", {"label": "B", "scoreMaximum": 1, "endDateTime": None, "startDateTime": "", "id": "x"})
found = {"id": "https://lms.example/li/1?type_id=2", "label": "A", "scoreMaximum": 10, "tag": "t", "vendor": [1]}
result = {"id": "https://lms.example/li/1/results/5", "userId": "52", "resultScore": "0.83", "resultMaximum": 1, "comment": "ok"}
seed("line_items", "page", [found, {"id": "/li/2", "label": None}, 3, {"label": "no id"}])
seed("line_items", "one", found)
seed("line_items", "results", [result, result | {"userId": 7, "resultMaximum": 0}, {"resultScore": 1}])

member = {
    "status": "Active",
    "name": "A. Member",
    "email": "a@lms.example",
    "user_id": "u-1",
    "roles": ["Instructor", LIS + "membership#Mentor"],
    "lis_person_sourcedid": "59254",
    "message": [{CLAIM + "message_type": "LtiResourceLinkRequest"}],
}
context = {"id": "c-1", "label": "C 1", "title": "A course"}
seed("roster", "page", {"id": "https://lms.example/m", "context": context, "members": [member, member | {"roles": "Learner", "status": "deleted"}]})
seed("roster", "odd", {"members": [member | {"user_id": 5}, {"name": "nobody"}, None, member | {"status": "x", "roles": []}]})

seed("token_response", "grant", {"access_token": "c3VwZXI-token_~+/=", "token_type": "Bearer", "expires_in": 3600, "scope": "a b"})
seed("token_response", "texts", {"access_token": "t", "expires_in": " 1e3 ", "scope": ["a"]})
seed("token_response", "refusal", {"error": "invalid_client", "error_description": "ask ada@lms.example, not <eyJhbGciOi.x.y>"})
seed("token_response", "canvas", {"errors": [{"type": "x", "message": "too old before last updated"}]})
seed("token_response", "moodle", '{"error" : "the "name" is wrong"}')
seed("token_response", "handles", "seen: @,@@ada@school.example and %40x ada_@school.example")
seed("token_response", "html", "<html><title>503 Service &amp; Unavailable</title><body>mail to <a@b.example></body></html>")

for name, text in {
    "usual": "2026-01-31T12:34:56.789Z",
    "offset": "2024-02-29T23:59:60,123456789+05:30",
    "short": "1970-01-01T00:00:00-00",
    "basic": "20260131T123456Z",
    "last": "9999-12-31T23:59:59.999999999-12:00",
}.items():
    seed("timestamp", name, text)
for name, text in {
    "moodle": "https://lms.example/mod/lti/services.php/2/lineitems/5/lineitem?type_id=1",
    "slash": "https://lms.example/li/9//?limit=5&a=%2F#part",
    "bare": "http://lms.example",
    "encoded": "https://user@lms.example:8443/li/a%2Fb%20c/%C3%A4?l%69mit=1&x",
}.items():
    seed("service_address", name, text)
    seed("ids", name, text)
    seed("cursor", name, text)
seed("ids", "launch", "YD-yxZaR5zdeRQKg3wxNn7nLQAfCoKE-")
seed("ids", "code", "A" * 42 + "E")
seed("ids", "line-item", base64.urlsafe_b64encode(b"https://lms.example/li/9?t=7").decode().rstrip("="))
seed("cursor", "sealed", base64.urlsafe_b64encode(bytes(range(90))).decode())
seed("sqs_message", "event", event("deliver-scores.batch")["Records"][0]["body"])
seed("sqs_message", "odd", {"submissionId": "_-" * 16, "more": [1]})

seed("json", "values", {"a": None, "b": [True, -1, 1.5e-7, "\u00e9\U0001f600\\u0000", {"c": {}}], "": 18446744073709551615})
seed("json", "twice", '{"a":{"x":1,"\\u0078":2}}')
seed("json", "deep", '{"a":' + "[" * 31 + "]" * 31 + "}")

binding = "__Host-lti_AAAAAAAAAAAAAAAA=" + "A" * 43
seed("cookie", "binding", "session=1; " + binding + "; x=y=z", "other = \u00e4;;=")
seed("cookie", "many", "; ".join(f"__Host-lti_{n}=v" for n in range(30)), "__Host-lti_ \u00e9=1")

registration = {
    "issuer": "https://lms.example",
    "clientId": "client-1",
    "authorizationEndpoint": "https://sso.example:8443/auth",
    "tokenEndpoint": "https://token.example/token",
    "jwksUri": "https://keys.example/jwks",
}
more = {
    "tokenAudience": "https://api.example/token",
    "algorithms": ["RS256", "ES384"],
    "deployments": ["1", "2"],
    "tenant": "school",
    "serviceOrigins": ["https://*.instructure.example", "https://school.example"],
    "frameOrigins": ["https://frame.example:444"],
    "registrationClientUri": "https://lms.example/register/1",
    "allowAnonymous": True,
    "status": "pending",
}
seed("registration", "slim", "https://lms.example/li/1?type_id=2", registration)
seed("registration", "full", "https://a.b.instructure.example/li", registration | more | {"deployments": "any", "status": "active"})
seed("registration", "user", "https://lms.example@evil.example/", registration | {"deployments": "pending", "later": 1})
seed("registration", "not-ascii", "https://xn--bcher-kva.example/x", registration | {"issuer": "https://b\u00fccher.example"})
for name, text in {
    "lesson": "https://app.example/lessons/1?a=b&launch=old#part",
    "own": "https://tool.example/lti/../lti/launch",
    "user": "https://app.example@evil.example/",
    "odd": "https:\\\\app.example/%2e%2e/lti/%6caunch?l%61unch=1",
}.items():
    seed("landing", name, text)


def words(value):
    """The names and the short texts in a JSON value."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from words(member)
    elif isinstance(value, list):
        for member in value:
            yield from words(member)
    elif isinstance(value, str):
        yield value


def dictionary(target):
    """In libFuzzer's format: one quoted word a line."""
    found = set()
    for name, data in seeds.items():
        if name.split("/")[0] != target:
            continue
        for line in data.decode().split("\n"):
            try:
                found.update(words(json.loads(line)))
            except ValueError:
                found.update(urllib.parse.unquote(part) for part in line.replace("&", "=").split("="))
    plain = [word for word in found if 2 <= len(word) <= 80 and word.isascii() and word.isprintable()]
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in sorted(plain)]
    return "".join(f'"{word}"\n' for word in escaped).encode()


def main():
    files = {f"seeds/{name}": data for name, data in seeds.items()}
    dictionaries = {target: dictionary(target) for target in {name.split("/")[0] for name in seeds}}
    files |= {f"dictionaries/{target}": words for target, words in dictionaries.items() if words}
    there = {str(path.relative_to(HERE)) for path in [*HERE.glob("seeds/*/*"), *HERE.glob("dictionaries/*")]}
    if sys.argv[1:] == ["--check"]:
        differ = there.symmetric_difference(files)
        differ |= {name for name in there & set(files) if (HERE / name).read_bytes() != files[name]}
        for name in sorted(differ):
            print(f"tests/fuzz/{name} is not what tests/fuzz/seeds.py writes", file=sys.stderr)
        sys.exit(1 if differ else 0)
    for name in there - set(files):
        (HERE / name).unlink()
    for name, data in files.items():
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_bytes(data)
    print(f"{len(seeds)} seeds; {sum(map(len, files.values()))} bytes with their dictionaries")


main()
