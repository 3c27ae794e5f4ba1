"""What workers run: edges that fetch by id, call an operation in one unit of work, and may run twice."""
