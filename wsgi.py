"""The application for a WSGI server: gunicorn wsgi:app."""

from forum.web.app import create_app

app = create_app()
