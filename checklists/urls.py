from django.urls import path

from checklists import views

app_name = "checklists"
urlpatterns = [
    path("services/<slug:slug>/files/evidence/<int:pk>/", views.evidence_file, name="evidence_file"),
    path("services/<slug:slug>/files/documents/<int:pk>/", views.document_file, name="document_file"),
]
