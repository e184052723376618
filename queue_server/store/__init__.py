"""Where the hall is written down: journal, tables, migrations. The only place that knows SQLAlchemy."""
