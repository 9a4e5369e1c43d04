"""The only writers of conclusions."""

from reports.actions.badges import make_badge, remove_badge
from reports.actions.changesets import read_changesets_due
from reports.actions.comparisons import ask_git_again, compare_due, kept_comparison, store_comparison
from reports.actions.criteria import judge_due
from reports.actions.diagnoses import advance, advance_due, diagnose_due, start_diagnosis, stop_diagnosis
from reports.actions.gates import PolicyChanged, change_sprint_policy, change_track_policy
from reports.actions.integrations import merge_due, start_integration, stop_integration
from reports.actions.interactions import (
    advance_integration,
    advance_integrations_due,
    begin_combinations_due,
)
from reports.actions.losses import accept_losses, withdraw_acceptance
from reports.actions.mergeability import read_merges_due
from reports.actions.narratives import confirm_narrative, drop_narrative, save_narrative
from reports.actions.publications import publish
from reports.actions.red_first import (
    advance_red_first,
    advance_red_first_due,
    prove_tests_due,
    start_red_first,
)
from reports.actions.renderings import (
    ask_for_rendering,
    claim_rendering,
    fail_rendering,
    give_up_renderings,
    keep_file,
)
from reports.actions.sharing import count_opening, revoke_link, share
from reports.actions.verifications import advance_verification, advance_verifications, verify_due
from reports.actions.waivers import reason_against_waiving, waive, withdraw_waiver

__all__ = [
    "PolicyChanged",
    "accept_losses",
    "advance",
    "advance_due",
    "advance_integration",
    "advance_integrations_due",
    "advance_red_first",
    "advance_red_first_due",
    "advance_verification",
    "advance_verifications",
    "ask_for_rendering",
    "ask_git_again",
    "begin_combinations_due",
    "change_sprint_policy",
    "change_track_policy",
    "claim_rendering",
    "compare_due",
    "confirm_narrative",
    "count_opening",
    "diagnose_due",
    "drop_narrative",
    "fail_rendering",
    "give_up_renderings",
    "judge_due",
    "keep_file",
    "kept_comparison",
    "make_badge",
    "merge_due",
    "prove_tests_due",
    "publish",
    "read_changesets_due",
    "read_merges_due",
    "reason_against_waiving",
    "remove_badge",
    "revoke_link",
    "save_narrative",
    "share",
    "start_diagnosis",
    "start_integration",
    "start_red_first",
    "stop_diagnosis",
    "stop_integration",
    "store_comparison",
    "verify_due",
    "waive",
    "withdraw_acceptance",
    "withdraw_waiver",
]
