"""The pages. The only package that imports flask.

``create_app`` is the factory for any WSGI server::

    gunicorn --threads 64 "inspector.web:create_app('recordings')"
"""

from inspector.web.app import Settings, create_app

__all__ = ["Settings", "create_app"]
