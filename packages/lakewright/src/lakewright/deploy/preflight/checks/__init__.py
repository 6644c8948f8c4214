"""The questions, one module each: `check(wanted, facts)` yields findings. To add one, write a module and name it in `registry.py`."""
