"""The App: a back end that calls the App API with its key."""

import json
import urllib.request

from common.browser import Browser


class App:
    """A back end that knows this key of the Tool at this address."""

    def __init__(self, url, key):
        self._url, self._key = url, key
        self._client = Browser(follows_redirects=False)

    def call(self, method, path, body=None, **headers):
        """Calls the App API."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {self._key}"
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        return self._client.send(urllib.request.Request(self._url + path, data, headers, method=method))
