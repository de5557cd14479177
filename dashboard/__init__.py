"""A GraphQL client with a face. Imports nothing of ours."""
