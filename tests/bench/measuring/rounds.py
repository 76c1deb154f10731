# SPDX-License-Identifier: Apache-2.0
"""Interleaved rounds: machines are noisy, ratios within a round much less so."""

from statistics import median


def interleave(rounds, contenders):
    """Runs every contender once a round, each time beginning with another one.

    `contenders` maps a name to a function that measures and returns {quantity: value}.  Returns
    {name: [values of round 1, ...]}.  A first round warms up and is thrown away.
    """
    names = list(contenders)
    samples = {name: [] for name in names}
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            sample = contenders[name]()
            if number > 0:
                samples[name].append(sample)
    return samples


def middle(samples, quantity):
    return median(sample[quantity] for sample in samples)


def times_better(ours, theirs, quantity):
    """How many times more the peer needs: the median over rounds, and its least and largest value.

    Absent where we needed nothing that could be measured.
    """
    ratios = [their[quantity] / our[quantity] for our, their in zip(ours, theirs)
              if our[quantity] > 0]
    return (median(ratios), min(ratios), max(ratios)) if ratios else None
