"""Finance's report as files: CSV, XLSX, PDF and JSON. They take the report's own figures and compute none of their own."""
