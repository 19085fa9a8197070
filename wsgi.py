"""What a web server and `flask --app wsgi` load."""

from forum.web.app import create_app

app = create_app()
