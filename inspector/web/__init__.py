"""The pages. The only package that imports flask.

``create_app`` is the factory for any WSGI server, ``from_environment`` another without arguments::

    gunicorn --workers 2 --threads 64 "inspector.web:create_app('recordings')"
"""

from inspector.web.app import create_app, from_environment
from inspector.web.settings import Settings

__all__ = ["Settings", "create_app", "from_environment"]
