//! Doors and budgets: what is opened, what is replaced, what is refused for its size.
