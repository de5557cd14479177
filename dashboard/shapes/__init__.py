"""What the documents of operations.graphql answer, as types: a file for each noun."""
