"""An Open edX campus, as far as LTI sees it.

The Platform is Open edX's own code, the package `lti-consumer-xblock`: its LTI component (the XBlock with its pages), its views
for login, launch, deep linking, tokens, line items, scores, results and memberships with their serializers and permissions, its
models in a database, and its signal that takes a score to the gradebook. None of it is changed or replaced.

What that package leaves to the LMS around it is here, small, and decides nothing about LTI:

* `settings.py`: Django's settings, the few that an LMS must have.
* `models.py`: what a person has beside Django's user: a profile, an enrolment, and the id that Tools know the person by.
* `course.py`: one course and its components: where fields are kept, who looks at them, and a gradebook that notes what is
  published.
* `lms.py`: the functions of `lti_consumer.plugin.compat`, the package's list of everything that it calls in the LMS.
* `site.py`: pages to sign in and to look at a component, and a witness that writes down every request to the package.

It is no LMS: it draws no course, and its pages stand alone where an LMS would put a component into a frame.
"""
