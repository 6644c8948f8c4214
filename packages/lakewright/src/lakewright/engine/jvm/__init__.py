"""How the engine's JVM is started: its options, heap and environment variables, and its class archive."""
