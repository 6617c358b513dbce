"""What an LMS knows of a person beside Django's user."""

import uuid

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """The package reads memberships with this relation."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    name = models.CharField(max_length=255)


class Enrolment(models.Model):
    """A person in the course, with the role that the LMS calls it by: `instructor`, `staff`, `student`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolment")
    role = models.CharField(max_length=32)
    forum_role = models.CharField(max_length=32, blank=True)


class ExternalId(models.Model):
    """What Tools know a person by: the same in every launch, every course and every roster."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="external")
    external_user_id = models.UUIDField(unique=True, default=uuid.uuid4)
