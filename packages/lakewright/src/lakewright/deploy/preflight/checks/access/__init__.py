"""Who may do what: who deploys, whom jobs run as, whom grants and permissions name."""
