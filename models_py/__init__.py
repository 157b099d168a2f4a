"""Python steps, one folder a job; what two steps share lies beside those folders."""
