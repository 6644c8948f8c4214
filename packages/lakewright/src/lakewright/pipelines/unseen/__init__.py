"""What a job runs though nobody knows what it is: what it has downloaded, found by following the names of files."""
