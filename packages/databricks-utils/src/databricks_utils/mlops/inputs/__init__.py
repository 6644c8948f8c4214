"""What a model is trained on and scores: one version of the feature table, sampled, in the model's own types."""
