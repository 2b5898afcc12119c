from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import inbox, noticing
from accounts.forms import NoticePageForm


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    place = NoticePageForm(request.GET).place
    return render(request, "accounts/notices.html", {"page": inbox.page(request.user, **place), "place": place})


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    noticing.read(notices=_own(request, pk))
    return redirect("accounts:notices")


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """To what the notice is about; it counts as read then."""
    found = _own(request, pk)
    address = found.get().address
    noticing.read(notices=found)
    return redirect(address)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = noticing.read(notices=inbox.of(request.user))
    told = ngettext("Marked %(count)d notice as read.", "Marked %(count)d notices as read.", count)
    messages.success(request, told % {"count": count} if count else _("There was nothing new to mark."))
    return redirect("accounts:notices")


def _own(request: HttpRequest, pk: int):
    """One notice of the person; 404 for anybody else's."""
    found = inbox.of(request.user).filter(pk=pk)
    if not found.exists():
        raise Http404
    return found
