from django.urls import path

from portfolio.views import dates, mine, pages, people, upkeep

app_name = "portfolio"
urlpatterns = [
    path("", pages.services, name="services"),
    path("my-work/", mine.mine, name="my_work"),
    path("services/new", pages.service_new, name="service_new"),
    path("services/<slug:slug>/", pages.service, name="service"),
    path("services/<slug:slug>/went-live/", pages.went_live, name="went_live"),
    path("services/<slug:slug>/people/", people.people, name="people"),
    path("services/<slug:slug>/people/assign/", people.assign, name="assign"),
    path("services/<slug:slug>/dates/", dates.dates, name="dates"),
    path("services/<slug:slug>/dates/accept/", dates.accept, name="accept_dates"),
    path("services/<slug:slug>/went-live/correct/", upkeep.correct_live, name="correct_live"),
    path("services/<slug:slug>/edit/", upkeep.edit, name="edit"),
    path("services/<slug:slug>/plan/", upkeep.plan, name="plan"),
    path("services/<slug:slug>/archive/", upkeep.archive, name="archive"),
    path("services/<slug:slug>/bring-back/", upkeep.bring_back, name="bring_back"),
]
