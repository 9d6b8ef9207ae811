//! Published figures, read over GraphQL.
