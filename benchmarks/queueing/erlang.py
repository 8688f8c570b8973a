"""What theory says of a queue with random arrivals and random service (M/M/c). Pure.

Source: A. K. Erlang, 1917; in today's words L. Kleinrock, Queueing Systems I, 3.5.
"""


def probability_of_waiting(servers: int, load: float) -> float:
    """Erlang C: the share of those who find everybody busy.

    load: erlangs, arrivals a second times mean seconds of service; below `servers`, else the
    queue grows for ever: ValueError.
    """
    if not 0 < load < servers:
        raise ValueError(f"{load} erlangs never settle at {servers} servers")
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(servers: int, load: float, service_seconds: float) -> float:
    """Seconds that all wait on average, those who need not among them."""
    return probability_of_waiting(servers, load) * service_seconds / (servers - load)
