"""One verb per file, named as the user would say it. An action asks the permission table and never commits for a request."""
