"""How far networks are, in one sentence: pure sums."""

import pytest

from systems.coverage import headline

# (place, rung, how many, their people, of how many, of how many people, how many judged)
BEXLEY, OUTSIDE = (1, 1, 1, 30_000, 2, 40_000, 1), (None, 1, 0, 0, 1, 20_000, 0)
NOUGHT = (1, 0, 2, 40_000, 2, 40_000, 1)


@pytest.mark.parametrize(
    ("rows", "rungs", "said"),
    [
        ([NOUGHT, BEXLEY, OUTSIDE], {0: "foundation", 1: "step 1"}, "1 of 3 PCNs at step 1 or above, 50% of patients"),
        ([BEXLEY, OUTSIDE], {1: "in place"}, "1 of 3 PCNs with all of it in place, 50% of patients"),
        ([(1, 1, 0, 0, 2, 0, 0)], {1: "in place"}, "0 of 2 PCNs with all of it in place"),
    ],
)
def test_the_lowest_rung_that_is_a_step_up_is_told(rows, rungs, said):
    assert headline(rows, rungs).in_words == said


def test_what_was_counted_stands_beside_the_sentence():
    counted = headline([BEXLEY, OUTSIDE], {1: "in place"})

    assert counted[:5] == (1, 30_000, 3, 60_000, 1)
