# The name of a repository as its CI system writes it into tokens, checked once for all who compare tokens with it.
# It makes nothing, so it needs no provider.
