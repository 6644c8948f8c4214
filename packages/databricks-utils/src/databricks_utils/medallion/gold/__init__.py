"""Gold: tables that are made from silver."""
