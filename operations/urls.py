from django.urls import path

from operations import views

app_name = "operations"
urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/reports/<int:pk>/retry/", views.retry, name="retry"),
    path("operations/mail/<int:pk>/retry/", views.retry_mail, name="retry_mail"),
]
