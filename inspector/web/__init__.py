"""The pages. The only package that imports flask.

``create_app`` is the factory for any WSGI server, ``from_environment`` another without arguments::

    gunicorn --workers 2 --threads 64 "inspector.web:create_app('recordings')"
"""

from inspector.web.app import Settings, create_app, from_environment

__all__ = ["Settings", "create_app", "from_environment"]
