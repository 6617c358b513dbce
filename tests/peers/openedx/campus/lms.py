"""The functions of the LMS that the package calls, all of them by `lti_consumer.plugin.compat`.

Each has there the name that it has here. What is not here the package either does without or never called in these tests; called,
it fails to import the LMS.
"""

from crum import get_current_user
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from lti_consumer.exceptions import LtiError
from lti_consumer.plugin import compat

from campus import course
from campus.models import Enrolment, ExternalId


def load_enough_xblock(location):
    return course.load(location)


def load_block_as_user(location):
    return course.load(location, get_current_user())


def get_course_by_id(course_key):
    return course.Course() if course_key == course.KEY else None


def user_course_access(_course, user, _action, **_checks):
    """Whether this person is in the course."""
    return Enrolment.objects.filter(user_id=user.pk).exists()


def user_has_access(user, _action, _block, _course_key):
    """Components are shown to everybody in the course."""
    return Enrolment.objects.filter(user_id=user.pk).exists()


def user_has_studio_write_access(user, _course_key):
    """Those who teach may change the course."""
    return Enrolment.objects.filter(user_id=user.pk, role__in=["instructor", "staff"]).exists()


def get_user_course_forum_role(user_id, _course_id):
    """`Community TA` for those who help in the forum."""
    return Enrolment.objects.get(user_id=user_id).forum_role or None


def get_user_from_external_user_id(external_user_id):
    """As the LMS's: a stranger's id, and what is no id, are errors of LTI."""
    try:
        return ExternalId.objects.get(external_user_id=external_user_id).user
    except (ExternalId.DoesNotExist, ValidationError) as error:
        raise LtiError("Invalid User") from error


def get_course_members(_course_key):
    """As the LMS's `course_api.get_course_members` answers."""
    users = get_user_model().objects.filter(enrolment__isnull=False).select_related("profile", "enrolment")
    return {
        user.pk: {
            "id": user.pk,
            "username": user.username,
            "email": user.email,
            "name": user.profile.name,
            "roles": [user.enrolment.role],
        }
        for user in users
    }


def batch_get_or_create_externalids(users):
    return {user.pk: ExternalId.objects.get_or_create(user=user)[0] for user in users}


def install():
    """Puts these functions where the package looks for them."""
    for function in (
        load_enough_xblock,
        load_block_as_user,
        get_course_by_id,
        user_course_access,
        user_has_access,
        user_has_studio_write_access,
        get_user_course_forum_role,
        get_user_from_external_user_id,
        get_course_members,
        batch_get_or_create_externalids,
    ):
        if not callable(getattr(compat, function.__name__)):
            raise TypeError(f"the package calls no {function.__name__}")
        setattr(compat, function.__name__, function)
