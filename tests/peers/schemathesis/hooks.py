"""Leads generated cases to what is there: launches of all kinds, line items, scores, cursors.

Only what the description allows is replaced, and by something that it allows: what a case has wrong stays wrong. One case in eight
is about a launch that is not there.
"""

import atexit
import collections
import datetime
import functools
import hashlib
import itertools
import json
import os
import random
import re
import string

import schemathesis

import school
from common.app import App

BASE_URL, APP_URL = os.environ["DOORWAY_URL"], os.environ["DOORWAY_APP_URL"]
RANDOM = random.Random(int(os.environ["DOORWAY_SEED"]))
APP = App(BASE_URL, os.environ["DOORWAY_APP_KEY"])
ID = re.compile(r"[A-Za-z0-9_-]{32}\Z")
WEB_URL = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?([/?#][!-\[\]-~]*)?\Z", re.I)
BASE64URL = re.compile(r"[A-Za-z0-9_-]+\Z")
# Whose launches may be forgotten, and nobody else's.
FORGETTABLE = "53"
# What the mock Platform's deep linking requests accept.
ACCEPTED_TYPES = ["ltiResourceLink", "link", "html"]
LINKS = ["link-1201", "link-1202", "link-1203", "link-1204"]
# Of the cases that cover deep linking, one in so many.
SPARSE = int(os.environ["DOORWAY_SPARSE"])
COVERED, TURNS = itertools.count(), itertools.count()
TALLY = collections.defaultdict(collections.Counter)


def launched(user, link, redeem=True):
    launch = school.launch(BASE_URL, user, link)
    if redeem:
        school.expect(APP.call("POST", f"/v1/launches/{launch}/redeem"), 200)
    return launch


@functools.cache
def kept(user, link):
    """A launch that is there during the whole run."""
    return launched(user, link)


# One of each kind.
KEPT = [
    (school.TEACHER, "video"), (school.LEARNER, "video"), (school.LEARNER, "quiz"), (school.LEARNER, "ungraded"),
    (school.TEACHER, "choose-content"), (school.TEACHER, "review"), (school.LEARNER, "privacy"),
]
# Before any case: a link that was given a second column has no line item of its own any more.
for one in KEPT:
    kept(*one)


def any_kept():
    return kept(*RANDOM.choice(KEPT))


def graded():
    """A launch with grades and roster; rarely one to which they were not granted."""
    if RANDOM.random() < 0.1:
        return kept(school.LEARNER, "ungraded")
    return kept(*RANDOM.choice([(school.LEARNER, "quiz"), (school.TEACHER, "video")]))


# The default learner of each is one whom the Platform grades; the last was granted nothing.
GRADED = 4 * [(school.LEARNER, "quiz"), (school.LEARNER, "video"), (school.TEACHER, "review")] + [(school.LEARNER, "ungraded")]


@functools.cache
def deep_linking(number):
    return launched(school.TEACHER, "choose-content")


def unanswered():
    """A deep linking request. It may have been answered: each takes one response, and every few cases there is a new one."""
    return deep_linking(next(TURNS) // 5)


def line_item(launch):
    """A line item that may be changed and deleted."""
    body = {"label": f"Column {RANDOM.randrange(10**6)}", "scoreMaximum": 10}
    return school.expect(APP.call("POST", f"/v1/launches/{launch}/line-items", body), 201).json["lineItemId"]


@functools.cache
def lasting_line_items():
    quiz = kept(school.LEARNER, "quiz")
    items = school.expect(APP.call("GET", f"/v1/launches/{quiz}/line-items"), 200).json["lineItems"]
    return [item for item in items if item.get("resourceLinkId") in LINKS]


@functools.cache
def scores():
    """A score that was delivered, one that was queued, and one that came late and was superseded."""
    path = f"/v1/launches/{kept(school.LEARNER, 'video')}/scores"
    score = {"scoreGiven": 1, "scoreMaximum": 2, "activityProgress": "Completed", "gradingProgress": "FullyGraded"}
    answers = [
        school.expect(APP.call("POST", path, score), 200),
        school.expect(APP.call("POST", path, {**score, "timestamp": "2020-01-01T00:00:00Z"}), 200),
        school.expect(APP.call("POST", path, score, Prefer="respond-async"), 202),
    ]
    return [answer.json["id"] for answer in answers]


def cursor(operation, launch):
    """A cursor of this call, where the launch has one."""
    pages = {"listLineItems": ("line-items", "next"), "readMemberships": ("memberships", RANDOM.choice(["next", "differences"]))}
    if operation not in pages:
        return None
    path, name = pages[operation]
    limit = "?limit=2" if name == "next" else ""
    return cached_answer(f"/v1/launches/{launch}/{path}{limit}").get(name)


@functools.cache
def cached_answer(path):
    answer = APP.call("GET", path)
    return answer.json if answer.status == 200 else {}


LAUNCHES = {
    "redeemLaunch": lambda: launched(school.TEACHER, "video", redeem=False) if RANDOM.random() < 0.9 else any_kept(),
    "readLaunch": any_kept,
    # Never one that others need.
    "forgetLaunch": lambda: launched(FORGETTABLE, "video", redeem=False),
    "answerDeepLink": lambda: unanswered() if RANDOM.random() < 0.8 else any_kept(),
    "publishScore": lambda: kept(*RANDOM.choice(GRADED)),
    "readMemberships": graded,
}


@schemathesis.hook
def filter_case(context, case):
    """In CI, some of the thousand cases that cover the body of a deep link: the other calls have some fifty each."""
    operation = case.operation.definition.raw["operationId"]
    if operation == "answerDeepLink" and case.meta.phase.name.value == "coverage":
        return next(COVERED) % SPARSE == 0
    return True


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw["operationId"]
    launch = lead_path(operation, case.path_parameters)
    if operation == "forgetUser" and case.query:
        lead_to_forgettable(case.query)
    if case.query and launch:
        lead_query(operation, launch, case.query)
    if isinstance(case.body, dict):
        BODIES.get(operation, lambda body: None)(case.body)
        if case.meta.generation.mode.is_positive:
            lead_further(operation, case)


@schemathesis.hook
def after_call(context, case, response):
    TALLY[case.operation.definition.raw["operationId"]][str(response.status_code)] += 1


@atexit.register
def write_tally():
    with open(os.environ["DOORWAY_TALLY"], "w") as file:
        json.dump(TALLY, file)


def lead_path(operation, parameters):
    """The launch that the path leads to, if it is one that is there."""
    if not parameters:
        return None
    drawn = parameters.get("id")
    if not (isinstance(drawn, str) and ID.match(drawn)):
        return None
    if operation == "readScore":
        parameters["id"] = RANDOM.choice(scores()) if RANDOM.random() < 0.8 else drawn
        return None
    if RANDOM.random() < 0.125 and operation != "forgetLaunch":
        # What was drawn may be an id that an answer had before.
        parameters["id"] = "".join(RANDOM.choices(string.ascii_letters, k=32))
        return None
    launch = parameters["id"] = LAUNCHES.get(operation, graded)()
    item = parameters.get("lineItemId")
    if isinstance(item, str) and BASE64URL.match(item):
        if operation in ("deleteLineItem", "changeLineItem"):
            may_write = launch != kept(school.LEARNER, "ungraded")
            parameters["lineItemId"] = line_item(launch) if may_write else item
        else:
            parameters["lineItemId"] = RANDOM.choice(lasting_line_items())["lineItemId"]
    return launch


def lead_to_forgettable(query):
    if query.get("sub") in (school.TEACHER, school.LEARNER):
        query["sub"] = FORGETTABLE
    if isinstance(query.get("issuer"), str) and query["issuer"] and RANDOM.random() < 0.5:
        launched(FORGETTABLE, "video", redeem=False)
        query["issuer"] = f"{BASE_URL}/platform"
        if isinstance(query.get("sub"), str) and query["sub"]:
            query["sub"] = FORGETTABLE
    if isinstance(query.get("cursor"), str) and query["cursor"]:
        del query["cursor"]


def lead_query(operation, launch, query):
    if isinstance(query.get("cursor"), str) and query["cursor"]:
        found = cursor(operation, launch)
        if found is None:
            del query["cursor"]
        else:
            query["cursor"] = found
    if isinstance(query.get("userId"), str) and 0 < len(query["userId"]) < 256 and RANDOM.random() < 0.5:
        query["userId"] = school.LEARNER


def lead_score(body):
    # The Platform refuses whom it does not know, and takes no score twice at one moment.
    for name in ("userId", "scoringUserId"):
        if is_id(body.get(name)):
            body[name] = school.LEARNER
    if isinstance(body.get("lineItem"), str) and body["lineItem"]:
        body["lineItem"] = RANDOM.choice(lasting_line_items())[RANDOM.choice(["id", "lineItemId"])]
    if is_moment(body.get("timestamp")):
        body["timestamp"] = datetime.datetime.now(datetime.timezone.utc).isoformat()
    in_order(body.get("submission"), "startedAt", "submittedAt")


def lead_line_item(body):
    link = body.get("resourceLinkId")
    if isinstance(link, str) and 0 < len(link.encode(errors="replace")) < 256:
        body["resourceLinkId"] = RANDOM.choice(LINKS)
    in_order(body, "startDateTime", "endDateTime")
    review = body.get("submissionReview")
    if isinstance(review, dict) and isinstance(review.get("url"), str) and WEB_URL.match(review["url"]):
        review["url"] = APP_URL


def lead_change(body):
    lead_line_item(body)
    # It cannot change.
    if body.get("resourceLinkId") in LINKS:
        del body["resourceLinkId"]


def lead_choice(body):
    for item in body.get("contentItems") or []:
        lead_item(item)


def lead_item(value):
    """URLs of the App, and dates that follow each other, wherever they are in an item."""
    if isinstance(value, list):
        for one in value:
            lead_item(one)
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("url", "src") and isinstance(one, str) and WEB_URL.match(one):
                value[name] = APP_URL
            lead_item(one)
        in_order(value, "startDateTime", "endDateTime")


BODIES = {
    "publishScore": lead_score,
    "createLineItem": lead_line_item,
    "changeLineItem": lead_change,
    "answerDeepLink": lead_choice,
}


def lead_further(operation, case):
    """What no schema says: a key belongs to one body, a line item is found by something, a launch accepts some types of items."""
    key = (case.headers or {}).get("Idempotency-Key")
    if key:
        case.headers["Idempotency-Key"] = f"{key[:200]}-{hashlib.sha256(json.dumps(case.body, sort_keys=True).encode()).hexdigest()[:16]}"
    if operation == "createLineItem" and str((case.query or {}).get("findOrCreate")).lower() == "true":
        case.body["tag"] = case.body.get("tag") or "found"
    if operation == "answerDeepLink":
        items = case.body.get("contentItems") or []
        case.body["contentItems"] = [item for item in items if item["type"] in ACCEPTED_TYPES]


def is_id(value):
    return isinstance(value, str) and 0 < len(value.encode(errors="replace")) < 256 and not re.search(r"[\x00-\x1f\x7f-\x9f]", value)


def is_moment(value):
    return isinstance(value, str) and bool(re.match(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", value))


def in_order(value, start, end):
    if isinstance(value, dict) and is_moment(value.get(start)) and is_moment(value.get(end)):
        value[start], value[end] = "2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"
