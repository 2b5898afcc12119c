"""Everything about one service's stages. Literal words come before `<stage>`; the playbook check refuses them there."""

from django.urls import path

from reviews.views import asking, gate, records, reports, signing

app_name = "reviews"
SERVICE = "services/<slug:slug>"
REVIEW = f"{SERVICE}/<slug:stage>/review"
urlpatterns = [
    path(f"{SERVICE}/reports/", reports.reports_list, name="reports"),
    path(f"{SERVICE}/reports/<int:pk>/", reports.report, name="report"),
    path(f"{SERVICE}/reports/<int:pk>/retry/", reports.retry_report, name="retry_report"),
    path(f"{SERVICE}/reports/<int:pk>/download/", reports.download_report, name="download_report"),
    path(f"{SERVICE}/conditions/<int:pk>/close/", records.close_condition, name="close_condition"),
    path(f"{REVIEW}/", gate.review, name="review"),
    path(f"{REVIEW}/ask/", asking.ask_review, name="ask_review"),
    path(f"{REVIEW}/withdraw/", asking.withdraw_review, name="withdraw_review"),
    path(f"{REVIEW}/decide/", signing.decide_review, name="decide_review"),
    path(f"{REVIEW}/<int:number>/", gate.past_review, name="past_review"),
]
