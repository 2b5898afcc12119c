"""Addresses of our own pages about people; those of sign-in are in `urls.py`."""

from django.urls import path

from accounts.views import authenticators, invitations, languages, mail_choices, notices, people, profile, teams

app_name = "accounts"
urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/new", teams.team_new, name="team_new"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/second-step/", teams.ask_second_step, name="ask_second_step"),
    path("teams/<slug:slug>/members/<int:pk>/", teams.member, name="member"),
    path("teams/<slug:slug>/invitations/", invitations.invite, name="invite"),
    path("teams/<slug:slug>/invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw"),
    path("people/", people.people, name="people"),
    path("people/invitations/", invitations.invite_person, name="invite_person"),
    path("people/invitations/<int:pk>/withdraw/", invitations.withdraw_person, name="withdraw_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:pk>/second-step/remove/", authenticators.remove_all, name="remove_second_step"),
    path("join/", invitations.join, name="join"),
    path("join/<str:token>/", invitations.join_with, name="join_with"),
    path("profile/", profile.profile, name="profile"),
    path("language/", languages.choose, name="language"),
    path("profile/notices/", mail_choices.mail_choices, name="mail_choices"),
    path("profile/sessions/", profile.end_sessions, name="end_sessions"),
    path("profile/second-step/app/", authenticators.app, name="app"),
    path("profile/second-step/passkeys/new/", authenticators.passkey_new, name="passkey_new"),
    path("profile/second-step/passkeys/<int:pk>/", authenticators.passkey, name="passkey"),
    path("profile/second-step/<int:pk>/remove/", authenticators.remove, name="remove_own"),
    path("profile/second-step/codes/", authenticators.codes, name="codes"),
    path("profile/second-step/codes/file/", authenticators.codes_file, name="codes_file"),
    path("profile/second-step/codes/new/", authenticators.codes_new, name="codes_new"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:pk>/read/", notices.read, name="read_notice"),
    path("notices/<int:pk>/open/", notices.follow, name="open_notice"),
    path("unsubscribe/<str:token>/", mail_choices.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<str:token>/at-once/", mail_choices.unsubscribe_at_once, name="unsubscribe_at_once"),
]
