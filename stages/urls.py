from django.urls import path

from stages import views

app_name = "stages"
urlpatterns = [
    path("languages/", views.languages, name="languages"),
    path("playbooks/", views.playbooks, name="playbooks"),
    path("playbooks/<slug:slug>/<int:number>/", views.edition, name="edition"),
]
