"""The GraphQL types, inputs, unions and scalars: shapes only; resolvers fill them, services do the work."""
