"""A branch's commits as one line."""

from reports.first_parents import first_parents


def commits(*pairs: str) -> list[dict[str, str]]:
    return [{"sha": pair[0], "parent": pair[1]} for pair in pairs]


def test_a_straight_branch_is_read_from_its_merge_base_to_its_head():
    assert first_parents(commits("cb", "ba", "am"), head="c", merge_base="m") == ("m", "a", "b", "c")


def test_what_was_merged_into_the_branch_is_one_step():
    merged = commits("cM", "Mb", "xa", "ba", "am")
    assert first_parents(merged, head="c", merge_base="m") == ("m", "a", "b", "M", "c")


def test_commits_whose_parents_were_not_noted_are_one_line():
    assert first_parents([{"sha": "b"}, {"sha": "a"}], head="b", merge_base="m") == ("m", "a", "b")
