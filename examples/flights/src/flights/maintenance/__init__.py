"""Keep the project's tables small and fast."""
