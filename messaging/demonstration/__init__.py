"""A demo school, and the main job done once for the eye: `manage.py load_demo` and `manage.py demo`."""
