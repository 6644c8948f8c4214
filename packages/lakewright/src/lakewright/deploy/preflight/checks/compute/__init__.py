"""What jobs compute on: clusters, policies, warehouses, serverless compute."""
