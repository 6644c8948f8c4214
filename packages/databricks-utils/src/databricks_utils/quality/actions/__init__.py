"""What follows from an outcome: a webhook, a value for the job's next tasks, and the error that stops the step."""
