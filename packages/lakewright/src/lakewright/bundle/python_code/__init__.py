"""Resources that Python code of a bundle defines (`python:`): the code runs in a process of its own, as the CLI runs it."""
