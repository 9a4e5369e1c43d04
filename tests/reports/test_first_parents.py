"""A branch's commits as one line."""

from reports.first_parents import first_parents


def commits(*families: str) -> list[dict[str, object]]:
    """``"cb"`` is commit c with the parent b, ``"Mbx"`` one that merges x."""
    return [{"sha": family[0], "parents": list(family[1:])} for family in families]


def test_a_straight_branch_is_read_from_its_merge_base_to_its_head():
    assert first_parents(commits("cb", "ba", "am"), head="c", merge_base="m") == ("m", "a", "b", "c")


def test_what_was_merged_into_the_branch_is_one_step():
    merged = commits("cM", "Mbx", "xa", "ba", "am")
    assert first_parents(merged, head="c", merge_base="m") == ("m", "a", "b", "M", "c")


def test_where_the_base_branch_was_merged_what_lies_before_is_one_step_with_the_merge():
    merged = commits("cM", "Mbm", "ba", "af")
    assert first_parents(merged, head="c", merge_base="m") == ("m", "M", "c")


def test_a_branch_without_a_common_root_ends_at_its_first_commit():
    assert first_parents(commits("ba", "a"), head="b", merge_base="m") == ("m", "a", "b")


def test_commits_whose_parents_were_not_noted_are_one_line():
    assert first_parents([{"sha": "b"}, {"sha": "a"}], head="b", merge_base="m") == ("m", "a", "b")
