"""The door for web servers. The settings are the desk's, whatever the environment was told."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "imas.fallback.settings"
application = get_wsgi_application()
