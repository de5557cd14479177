"""Tables: columns, relations, constraints, indexes."""
