"""Loaded before anything else (see pyproject): tests have a home of their own."""

import os
import tempfile

os.environ["HEADWAY_HOME"] = tempfile.mkdtemp(prefix="headway-tests-")
os.environ["HEADWAY_EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
# Playwright runs an event loop in the thread of the tests; the records are used from the same thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
