"""Who may open which address: every URL name, declared once. A name that is missing here fails the build.

`needs` is PUBLIC, ACCOUNT (anybody signed in) or an act on the service's team. `post` is the body of a POST that
is well-formed enough to reach the permission check; what it then does is told by the tests of its page.
"""

from dataclasses import dataclass, field

from accounts.acts import Act

PUBLIC, ACCOUNT = "public", "account"


@dataclass(frozen=True)
class Policy:
    needs: str
    methods: tuple[str, ...] = ("GET",)
    post: dict[str, str] = field(default_factory=dict)


GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")

POLICY: dict[str, Policy] = {
    "healthz": Policy(PUBLIC),
    "readyz": Policy(PUBLIC),
    "account_login": Policy(PUBLIC, BOTH),
    "account_logout": Policy(PUBLIC, BOTH),
    "account_inactive": Policy(PUBLIC),
    "account_signup": Policy(PUBLIC, BOTH),
    "account_reset_password": Policy(PUBLIC, BOTH),
    "account_reset_password_done": Policy(PUBLIC),
    "account_reset_password_from_key": Policy(PUBLIC, BOTH),
    "account_reset_password_from_key_done": Policy(PUBLIC),
    "account_change_password": Policy(ACCOUNT, BOTH),
    "account_set_password": Policy(ACCOUNT, BOTH),
    "account_reauthenticate": Policy(ACCOUNT, BOTH),
    "mfa_authenticate": Policy(PUBLIC, BOTH),
    "mfa_login_webauthn": Policy(PUBLIC, BOTH),
    "mfa_reauthenticate": Policy(ACCOUNT, BOTH),
    "mfa_reauthenticate_webauthn": Policy(ACCOUNT, BOTH),
    "accounts:teams": Policy(ACCOUNT),
    "accounts:team_new": Policy(Act.TEAMS, BOTH),
    "accounts:team": Policy(Act.SEE),
    "accounts:ask_second_step": Policy(Act.MEMBERS, POST),
    "accounts:member": Policy(Act.MEMBERS, BOTH),
    "accounts:invite": Policy(Act.MEMBERS, BOTH),
    "accounts:withdraw": Policy(Act.MEMBERS, POST),
    "accounts:people": Policy(Act.TEAMS),
    "accounts:invite_person": Policy(Act.TEAMS, BOTH),
    "accounts:withdraw_person": Policy(Act.TEAMS, POST),
    "accounts:person": Policy(Act.TEAMS, BOTH),
    "accounts:deactivate": Policy(Act.TEAMS, POST),
    "accounts:reactivate": Policy(Act.TEAMS, POST),
    "accounts:remove_second_step": Policy(Act.TEAMS, POST),
    "accounts:join": Policy(PUBLIC, BOTH),
    "accounts:join_with": Policy(PUBLIC),
    "accounts:profile": Policy(ACCOUNT, BOTH),
    "accounts:end_sessions": Policy(ACCOUNT, POST),
    "accounts:language": Policy(PUBLIC, POST, {"language": "en"}),
    "accounts:app": Policy(ACCOUNT, BOTH),
    "accounts:passkey_new": Policy(ACCOUNT, BOTH),
    "accounts:passkey": Policy(ACCOUNT, BOTH),
    "accounts:remove_own": Policy(ACCOUNT, BOTH),
    "accounts:codes": Policy(ACCOUNT),
    "accounts:codes_file": Policy(ACCOUNT),
    "accounts:codes_new": Policy(ACCOUNT, BOTH),
    "accounts:mail_choices": Policy(ACCOUNT, BOTH),
    "accounts:notices": Policy(ACCOUNT),
    "accounts:read_notices": Policy(ACCOUNT, POST),
    "accounts:read_notice": Policy(ACCOUNT, POST),
    "accounts:open_notice": Policy(ACCOUNT, POST),
    "accounts:unsubscribe": Policy(PUBLIC, BOTH),
    "accounts:unsubscribe_at_once": Policy(PUBLIC, BOTH),
    "stages:languages": Policy(PUBLIC),
    "operations:operations": Policy(Act.OPERATE),
    "operations:retry": Policy(Act.OPERATE, POST),
    "operations:retry_mail": Policy(Act.OPERATE, POST),
    "stages:playbooks": Policy(ACCOUNT),
    "stages:edition": Policy(ACCOUNT),
    "portfolio:services": Policy(ACCOUNT),
    "portfolio:my_work": Policy(ACCOUNT),
    "portfolio:service_new": Policy(Act.EDIT, BOTH),
    "portfolio:service": Policy(Act.SEE),
    "portfolio:went_live": Policy(Act.WENT_LIVE, POST),
    "portfolio:people": Policy(Act.SEE),
    "portfolio:assign": Policy(Act.EDIT, POST),
    "portfolio:dates": Policy(Act.SEE),
    "portfolio:accept_dates": Policy(Act.ANSWER, POST),
    "portfolio:correct_live": Policy(Act.WENT_LIVE, BOTH),
    "portfolio:edit": Policy(Act.EDIT, BOTH),
    "portfolio:plan": Policy(Act.EDIT, BOTH),
    "portfolio:archive": Policy(Act.ARCHIVE, BOTH),
    "portfolio:bring_back": Policy(Act.ARCHIVE, BOTH),
    "reviews:person_work": Policy(Act.TEAMS),
    "reviews:verify": Policy(PUBLIC),
    "reviews:verify_digest": Policy(PUBLIC),
    "reviews:service_history": Policy(Act.SEE),
    "reviews:service_trail": Policy(Act.AUDIT),
    "reviews:evidence_list": Policy(Act.SEE),
    "reviews:evidence": Policy(Act.SEE),
    "reviews:revise": Policy(Act.ANSWER, POST),
    "reviews:evidence_choice": Policy(Act.ANSWER),
    "reviews:workbench": Policy(Act.SEE),
    "reviews:requirement": Policy(Act.SEE),
    "reviews:answer": Policy(Act.ANSWER, POST),
    "reviews:entrust": Policy(Act.ANSWER, POST),
    "reviews:take_proposal": Policy(Act.ANSWER, POST),
    "reviews:discard_proposal": Policy(Act.ANSWER, POST),
    "reviews:attach": Policy(Act.ANSWER, POST),
    "reviews:detach": Policy(Act.ANSWER, POST),
    "reviews:ask_waiver": Policy(Act.ASK_WAIVER, POST),
    "reviews:withdraw_waiver": Policy(Act.ASK_WAIVER, POST),
    "reviews:grant_waiver": Policy(Act.WAIVE, POST),
    "reviews:refuse_waiver": Policy(Act.WAIVE, POST),
    "reviews:end_waiver": Policy(Act.WAIVE, POST),
    "reviews:document": Policy(Act.ANSWER, POST),
    "reviews:send_document": Policy(Act.ANSWER, POST),
    "reviews:approve_document": Policy(Act.APPROVE, POST),
    "reviews:send_back_document": Policy(Act.APPROVE, POST),
    "reviews:review": Policy(Act.SEE),
    "reviews:past_review": Policy(Act.SEE),
    "reviews:supersede": Policy(Act.DECIDE, BOTH),
    "reviews:superseded_decision": Policy(Act.SEE),
    "reviews:ask_review": Policy(Act.SUBMIT, POST),
    "reviews:ask_again": Policy(Act.SUBMIT, BOTH),
    "reviews:reopen_stage": Policy(Act.DECIDE, BOTH),
    "reviews:withdraw_review": Policy(Act.SUBMIT, POST),
    "reviews:decide_review": Policy(Act.DECIDE, POST),
    "reviews:condition": Policy(Act.SEE),
    "reviews:say_met_condition": Policy(Act.ANSWER, POST),  # and its owner, who is a designer here
    "reviews:turn_down_condition": Policy(Act.DECIDE, POST),
    "reviews:close_condition": Policy(Act.DECIDE, POST),
    "reviews:extend_condition": Policy(Act.DECIDE, POST),
    "reviews:drop_condition": Policy(Act.DECIDE, POST),
    "reviews:reports": Policy(Act.EXPORT, BOTH),
    "reviews:report": Policy(Act.SEE),
    "reviews:retry_report": Policy(Act.EXPORT, POST),
    "reviews:report_in_language": Policy(Act.EXPORT, POST),
    "reviews:download_report": Policy(Act.SEE),
    "checklists:evidence_file": Policy(Act.SEE),
    "checklists:document_file": Policy(Act.SEE),
}
ON_A_SERVICE = {name for name in POLICY if name.split(":")[0] in ("reviews", "checklists")} | {
    "portfolio:service",
    "portfolio:went_live",
    "portfolio:correct_live",
    "portfolio:people",
    "portfolio:assign",
    "portfolio:dates",
    "portfolio:accept_dates",
    "portfolio:edit",
    "portfolio:plan",
    "portfolio:archive",
    "portfolio:bring_back",
}
ON_A_SERVICE -= {"reviews:person_work"}
ON_A_TEAM = ("team", "ask_second_step", "member", "invite", "withdraw")
ON_A_SERVICE |= {f"accounts:{name}" for name in ON_A_TEAM}  # the same, on a team
ON_A_SERVICE -= {"reviews:verify", "reviews:verify_digest"}
