"""Law 23 as a table: what each asker is answered by each field, edge and route, about things of three kinds."""
