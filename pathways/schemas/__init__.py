"""What machines may send: marshmallow schemas."""
