"""Everything about one service's stages; and the public page that verifies.

Literal words come before `<stage>`; the playbook check refuses them there.
"""

from django.urls import path

from reviews.views import (
    again,
    asking,
    conditions,
    documents,
    entries,
    evidence,
    gate,
    histories,
    people,
    proposals,
    reopening,
    reports,
    several,
    signing,
    superseding,
    verifying,
    waivers,
    workbench,
)

app_name = "reviews"
SERVICE = "services/<slug:slug>"
STAGE = f"{SERVICE}/<slug:stage>"
REVIEW = f"{STAGE}/review"
ENTRY = f"{STAGE}/<slug:requirement>"
urlpatterns = [
    path("people/<int:pk>/open-work/", people.person_work, name="person_work"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<str:digest>/", verifying.verify_digest, name="verify_digest"),
    path(f"{SERVICE}/history/", histories.service_history, name="service_history"),
    path(f"{SERVICE}/history.jsonl", histories.service_trail, name="service_trail"),
    path(f"{SERVICE}/evidence/", evidence.evidence_list, name="evidence_list"),
    path(f"{SERVICE}/evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path(f"{SERVICE}/evidence/<int:pk>/revise/", evidence.revise, name="revise"),
    path(f"{SERVICE}/reports/", reports.reports_list, name="reports"),
    path(f"{SERVICE}/reports/<int:pk>/", reports.report, name="report"),
    path(f"{SERVICE}/reports/<int:pk>/retry/", reports.retry_report, name="retry_report"),
    path(f"{SERVICE}/reports/<int:pk>/language/", reports.report_in_language, name="report_in_language"),
    path(f"{SERVICE}/reports/<int:pk>/download/", reports.download_report, name="download_report"),
    path(f"{SERVICE}/conditions/<int:pk>/say-met/", conditions.say_met, name="say_met_condition"),
    path(f"{SERVICE}/conditions/<int:pk>/turn-down/", conditions.turn_down, name="turn_down_condition"),
    path(f"{SERVICE}/conditions/<int:pk>/close/", conditions.close_condition, name="close_condition"),
    path(f"{SERVICE}/conditions/<int:pk>/", conditions.condition, name="condition"),
    path(f"{SERVICE}/conditions/<int:pk>/extend/", conditions.extend_condition, name="extend_condition"),
    path(f"{SERVICE}/conditions/<int:pk>/drop/", conditions.drop_condition, name="drop_condition"),
    path(f"{REVIEW}/", gate.review, name="review"),
    path(f"{REVIEW}/ask/", asking.ask_review, name="ask_review"),
    path(f"{REVIEW}/again/", again.ask_again, name="ask_again"),
    path(f"{REVIEW}/reopen/", reopening.reopen_stage, name="reopen_stage"),
    path(f"{REVIEW}/withdraw/", asking.withdraw_review, name="withdraw_review"),
    path(f"{REVIEW}/decide/", signing.decide_review, name="decide_review"),
    path(f"{REVIEW}/<int:number>/", gate.past_review, name="past_review"),
    path(f"{REVIEW}/<int:number>/supersede/", superseding.supersede_decision, name="supersede"),
    path(f"{REVIEW}/<int:number>/decisions/<int:place>/", gate.superseded_decision, name="superseded_decision"),
    path(f"{STAGE}/", workbench.workbench, name="workbench"),
    path(f"{STAGE}/proposals/", several.stage_proposals, name="proposals"),
    path(f"{ENTRY}/", entries.requirement, name="requirement"),
    path(f"{ENTRY}/answer/", entries.answer, name="answer"),
    path(f"{ENTRY}/who/", entries.entrust, name="entrust"),
    path(f"{ENTRY}/proposal/take/", proposals.take_proposal, name="take_proposal"),
    path(f"{ENTRY}/proposal/discard/", proposals.discard_proposal, name="discard_proposal"),
    path(f"{ENTRY}/evidence/", entries.attach, name="attach"),
    path(f"{ENTRY}/evidence/existing/", evidence.evidence_choice, name="evidence_choice"),
    path(f"{ENTRY}/evidence/<int:pk>/remove/", entries.detach, name="detach"),
    path(f"{ENTRY}/waiver/", waivers.ask_waiver, name="ask_waiver"),
    path(f"{ENTRY}/waiver/<int:pk>/withdraw/", waivers.withdraw_waiver, name="withdraw_waiver"),
    path(f"{ENTRY}/waiver/<int:pk>/grant/", waivers.grant_waiver, name="grant_waiver"),
    path(f"{ENTRY}/waiver/<int:pk>/refuse/", waivers.refuse_waiver, name="refuse_waiver"),
    path(f"{ENTRY}/waiver/<int:pk>/end/", waivers.end_waiver, name="end_waiver"),
    path(f"{ENTRY}/document/", documents.document, name="document"),
    path(f"{ENTRY}/document/<int:number>/send/", documents.send_document, name="send_document"),
    path(f"{ENTRY}/document/<int:number>/approve/", documents.approve_document, name="approve_document"),
    path(f"{ENTRY}/document/<int:number>/send-back/", documents.send_back_document, name="send_back_document"),
]
