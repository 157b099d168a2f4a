"""The machinery: jobs of SQL and steps in, tables, exports and pages out."""
