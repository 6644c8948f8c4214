"""What the Databricks CLI refuses before it deploys: secrets in files, references in scripts, paths in volumes, missing fields."""
