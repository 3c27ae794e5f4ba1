"""What a WSGI server loads: ``gunicorn --config config/gunicorn.py wsgi:app``."""

from pathways import create_app

app = create_app()
