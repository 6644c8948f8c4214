"""The input of models: one version of the feature table, sampled, in the model's types."""
