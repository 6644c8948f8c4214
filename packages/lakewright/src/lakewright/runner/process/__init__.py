"""The process of a task, seen from outside: started, watched, logged, ended. Knows no job."""
