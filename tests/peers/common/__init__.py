"""What more than one of these tests needs: a browser, and an App that calls the App API. Standard library alone."""
