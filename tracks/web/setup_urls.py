"""Who a person is, and setting things up; part of the namespace ``tracks``."""

from django.urls import path

from tracks.web import (
    accounts,
    branches,
    home,
    people,
    project_settings,
    secrets,
    setup,
    setup_criteria,
    setup_sprints,
)

TRACK = "p/<slug:project>/s/<slug:sprint>/t/<str:key>"

urlpatterns = [
    path("sign-in/<str:token>/", accounts.sign_in, name="sign_in"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("projects/", home.projects, name="projects"),
    path("projects/new/", setup.new_project, name="new_project"),
    path("p/<slug:project>/setup/", setup.commands, name="commands"),
    path("p/<slug:project>/setup/trial/", setup.trial, name="trial"),
    path("p/<slug:project>/setup/publish/", setup.publish, name="publish"),
    path("p/<slug:project>/setup/discard/", setup.discard, name="discard"),
    path("p/<slug:project>/settings/", project_settings.settings, name="settings"),
    path("p/<slug:project>/settings/secrets/", secrets.secrets, name="secrets"),
    path(
        "p/<slug:project>/settings/secrets/<int:secret>/remove/", secrets.remove_secret, name="remove_secret"
    ),
    path("p/<slug:project>/branches/", branches.branch_list, name="branch_list"),
    path("p/<slug:project>/people/", people.people, name="people"),
    path("p/<slug:project>/people/invite/", people.invite, name="invite"),
    path("p/<slug:project>/people/<int:member>/role/", people.change_role, name="change_role"),
    path("p/<slug:project>/people/<int:member>/remove/", people.remove_member, name="remove_member"),
    path(
        "p/<slug:project>/people/invitations/<int:invitation>/revoke/",
        people.revoke_invitation,
        name="revoke_invitation",
    ),
    path("p/<slug:project>/sprints/new/", setup_sprints.new_sprint, name="new_sprint"),
    path("p/<slug:project>/s/<slug:sprint>/edit/", setup_sprints.edit_sprint, name="edit_sprint"),
    path("p/<slug:project>/s/<slug:sprint>/new-track/", setup_sprints.new_track, name="new_track"),
    path(
        "p/<slug:project>/s/<slug:sprint>/t/<str:key>/edit/",
        setup_sprints.edit_track,
        name="edit_track",
    ),
    path(
        "p/<slug:project>/s/<slug:sprint>/t/<str:key>/remove/",
        setup_sprints.remove_track,
        name="remove_track",
    ),
    path(f"{TRACK}/criteria/", setup_criteria.criteria, name="criteria"),
    path(f"{TRACK}/criteria/copy/", setup_criteria.copy_criteria, name="copy_criteria"),
    path(f"{TRACK}/criteria/new/<slug:template>/", setup_criteria.new_criterion, name="new_criterion"),
    path("p/<slug:project>/criteria/<int:criterion>/", setup_criteria.edit_criterion, name="edit_criterion"),
    path(
        "p/<slug:project>/criteria/<int:criterion>/move/",
        setup_criteria.move_criterion,
        name="move_criterion",
    ),
    path(
        "p/<slug:project>/criteria/<int:criterion>/remove/",
        setup_criteria.remove_criterion,
        name="remove_criterion",
    ),
]
