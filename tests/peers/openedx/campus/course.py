"""One course: its LTI components and its gradebook.

An LMS keeps components in its modulestore and binds them to whoever looks. Here their fields are in memory, by the XBlock
library's own stores.
"""

import dataclasses
import datetime
import threading

from lti_consumer.lti_xblock import LtiConsumerXBlock
from opaque_keys.edx.keys import CourseKey
from xblock.core import XBlockMixin
from xblock.fields import Boolean, DateTime, Scope, ScopeIds, Timedelta
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, KvsFieldData, NullI18nService, Runtime

KEY = CourseKey.from_string("course-v1:Maple+PHY2+2026")


class Course:
    """What the package reads of a course."""

    display_name_with_default = "Physics: light and colour"
    display_org_with_default = "Maple"
    lti_passports = ()


class InheritedFields(XBlockMixin):
    """Fields that an LMS gives every component (openedx-platform, `InheritanceMixin`)."""

    start = DateTime(default=datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.timezone.utc), scope=Scope.settings)
    due = DateTime(default=None, scope=Scope.settings)
    graceperiod = Timedelta(default=None, scope=Scope.settings)
    graded = Boolean(default=False, scope=Scope.settings)


@dataclasses.dataclass(frozen=True)
class Grade:
    """One publication to the gradebook."""

    usage_key: str
    user_id: int
    value: float
    max_value: float


class _User(UserService):
    """Who looks at a component: an LMS gives the same attributes."""

    def __init__(self, user):
        super().__init__()
        self._user = user

    def get_current_user(self):
        person = XBlockUser(is_current_user=True)
        person.opt_attrs["edx-platform.is_authenticated"] = bool(self._user and self._user.is_authenticated)
        if person.opt_attrs["edx-platform.is_authenticated"]:
            person.full_name = self._user.profile.name
            person.emails = [self._user.email]
            person.opt_attrs |= {
                "edx-platform.user_id": self._user.pk,
                "edx-platform.username": self._user.username,
                "edx-platform.user_role": self._user.enrolment.role,
                "edx-platform.user_is_staff": self._user.is_staff,
            }
        return person

    def get_external_user_id(self, _type_name):
        return self._user.external.external_user_id


class _Rebinding:
    """An LMS loads the component of the graded person here. A component of this course has no state of a person's."""

    def rebind_noauth_module_to_user(self, block, user):
        pass


class _Looking(Runtime):
    """One person looking at one component."""

    def __init__(self, store, user, publish):
        services = {
            "field-data": KvsFieldData(store),
            "i18n": NullI18nService(),
            "rebind_user": _Rebinding(),
            "user": _User(user),
        }
        super().__init__(id_reader=None, id_generator=None, services=services, mixins=(InheritedFields,))
        self._publish = publish

    def publish(self, block, event_type, event_data):
        self._publish(block, event_type, event_data)

    def handler_url(self, block, handler_name, suffix="", query="", thirdparty=False):
        raise NotImplementedError("components of LTI 1.3 are reached by the package's views")

    def local_resource_url(self, block, uri):
        raise NotImplementedError("pictures and scripts are not served")

    def resource_url(self, resource):
        raise NotImplementedError("pictures and scripts are not served")


_components = {}
_published = []
_lock = threading.Lock()


def add_component(name, **fields):
    """Adds a component of LTI 1.3 with these fields of the XBlock. Returns its usage key."""
    usage_key = KEY.make_usage_key("lti_consumer", name)
    _components[usage_key] = DictKeyValueStore()
    edit_component(usage_key, lti_version="lti_1p3", display_name=name, **fields)
    return usage_key


def edit_component(usage_key, **fields):
    """Sets fields, as Studio does."""
    block = load(usage_key)
    for name, value in fields.items():
        if name not in block.fields:
            raise KeyError(f"an LTI component has no field {name}")
        setattr(block, name, value)
    block.save()


def load(usage_key, user=None):
    """The component as this person sees it."""
    scope_ids = ScopeIds(user.pk if user else None, usage_key.block_type, usage_key, usage_key)
    runtime = _Looking(_components[usage_key], user, _publish)
    block = runtime.construct_xblock_from_class(LtiConsumerXBlock, scope_ids)
    block.location = usage_key
    return block


def published(usage_key):
    """What was published for this component, in order."""
    with _lock:
        return [grade for grade in _published if grade.usage_key == str(usage_key)]


def _publish(block, event_type, event_data):
    if event_type != "grade":
        return
    grade = Grade(str(block.location), event_data["user_id"], event_data["value"], event_data["max_value"])
    with _lock:
        _published.append(grade)
