"""A release: a result as a data set that others can cite, check and make again."""
