"""Where Bootstrap-Flask keeps the files of Bootstrap."""

from pathlib import Path

import flask_bootstrap

BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static/bootstrap5"
