from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import calendar
from accounts.access import people_for
from reviews import open_work


@require_safe
def person_work(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody leaves behind, for the administrator who closes the account."""
    person = get_object_or_404(people_for(request), pk=pk)
    today = calendar.day()
    context = {
        "person": person,
        "owed": [(one, one.overdue(today)) for one in open_work.conditions_of(person)],
        "roles": open_work.roles_of(person),
        "entries": [(one, one.overdue(today)) for one in open_work.entries_of(person)],
        "crumbs": [(_("People"), reverse("accounts:people")), (person, reverse("accounts:person", args=[pk]))],
    }
    return render(request, "reviews/person_work.html", context)
