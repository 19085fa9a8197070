"""The Flask extensions, made once and bound in create_app."""

from __future__ import annotations

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy

from forum.kernel.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
login = LoginManager()
babel = Babel()
limiter = Limiter(get_remote_address, default_limits=[])
