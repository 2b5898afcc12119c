from django.urls import path

from portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.services, name="services"),
    path("services/new", views.service_new, name="service_new"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("services/<slug:slug>/went-live/", views.went_live, name="went_live"),
]
