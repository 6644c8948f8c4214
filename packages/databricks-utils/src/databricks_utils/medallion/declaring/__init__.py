"""What a project declares: sources, entities, derived tables; and what makes their rows, as hashes."""
