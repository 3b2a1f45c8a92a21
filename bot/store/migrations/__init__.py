"""Migrations, one file each, never changed after a release."""
