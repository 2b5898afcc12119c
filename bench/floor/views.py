"""A read, a tick, a page from five queries, a list by keyset: each as plainly as Django lets one write it."""

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bench.floor.models import Counter, Entry, Group, Happened, Proof, Reply, Thing

PAGE = 50
STATES = [("met", "Met"), ("not_met", "Not met"), ("not_applicable", "Not applicable")]


def read(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Thing, pk=pk).name)


def tick(request: HttpRequest, thing: int, entry: int) -> HttpResponse:
    state, seen, now = request.POST["state"], int(request.POST["seen"]), timezone.now()
    with transaction.atomic():
        row = Reply.objects.select_for_update().get(thing=thing, entry=entry)
        before = {"state": row.state, "version": row.version}
        changed = Reply.objects.filter(pk=row.pk, version=seen).update(
            state=state, version=F("version") + 1, said_by=request.user, said_at=now
        )
        after = {"state": state, "version": seen + 1}
        told = {"who": request.user, "what": "ticked", "before": before, "after": after, "at": now}
        Happened.objects.create(thing_id=thing, **told)
    return HttpResponse(f'<li id="entry-{entry}" class="entry">{state}</li>', status=200 if changed else 409)


def page(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    thing = get_object_or_404(Thing.objects.select_related("group"), pk=pk)
    entries = list(Entry.objects.filter(part=part).order_by("pk"))
    replies = {one.entry_id: one for one in Reply.objects.filter(thing=pk, entry__part=part).select_related("said_by")}
    proofs: dict[int, list[Proof]] = {}
    for proof in Proof.objects.filter(reply__thing=pk, reply__entry__part=part):
        proofs.setdefault(proof.reply_id, []).append(proof)
    rows = [(one, reply := replies.get(one.pk), proofs.get(reply.pk, ()) if reply else ()) for one in entries]
    context = {"thing": thing, "rows": rows, "counters": list(Counter.objects.filter(thing=pk)), "states": STATES}
    return render(request, "floor/page.html", context)


def things(request: HttpRequest) -> HttpResponse:
    found = Thing.objects.select_related("group").order_by("name", "pk")
    if after := request.GET.get("after"):
        pk, name = after.split("~", 1)
        found = found.filter(Q(name__gt=name) | Q(pk__gt=pk), name__gte=name)
    rows = list(found[: PAGE + 1])
    counters: dict[int, list[Counter]] = {}
    for one in Counter.objects.filter(thing__in=rows[:PAGE]).order_by("part"):
        counters.setdefault(one.thing_id, []).append(one)
    shown = [(thing, counters[thing.pk]) for thing in rows[:PAGE]]
    further = f"{rows[PAGE - 1].pk}~{rows[PAGE - 1].name}" if len(rows) > PAGE else ""
    context = {"rows": shown, "further": further, "groups": list(Group.objects.order_by("name")[:PAGE])}
    return render(request, "floor/things.html", context)
