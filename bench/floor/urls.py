from django.urls import path

from bench.floor import views

urlpatterns = [
    path("", views.things, name="things"),
    path("<int:pk>/", views.read, name="read"),
    path("<int:pk>/<int:part>/", views.page, name="page"),
    path("<int:thing>/tick/<int:entry>/", views.tick, name="tick"),
]
