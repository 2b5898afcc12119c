"""One requirement on the desk: loaded with permission, and answered as a fragment or as a page.

With htmx the answer is the row, and beside it (out of band) what the act has changed elsewhere on the page. Without
it, a redirect to the row; a refusal is the page of the requirement with the same row on it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import origins
from accounts.access import standing
from accounts.acts import Act
from checklists import history, readiness
from checklists.access import version_of_answer
from checklists.models import Answer
from reviews import filters
from reviews.bench import Bench
from reviews.filters import Filter
from reviews.gate import gate_of
from reviews.views import panels
from reviews.views.panels import Panel
from stages import catalogue
from stages.access import passage_for
from stages.models import Passage, Requirement


@dataclass(frozen=True)
class Desk:
    request: HttpRequest
    passage: Passage
    requirement: Requirement

    @property
    def about(self) -> dict[str, Any]:
        """What an act is told it is about."""
        return {"service": self.passage.service, "requirement": self.requirement}

    def bench(self, answer: Answer | None = None) -> Bench:
        """The workbench as it is now; what `answering.record` has read with its answer is not read again."""
        work = answer and answer.work
        if work:
            readiness.introduce(work.rows, shown=[work.row])
        gate = gate_of(self.passage, ready=work and work.ready)
        return Bench(self.passage, gate, standing(self.request), self._narrow, work and work.roles)

    def show(
        self, bench: Bench, panel: Panel | None, *, status: int = 200, answer: Answer | None = None
    ) -> HttpResponse:
        """The row, alone (with what else has changed) or on the page of its requirement."""
        slug = self.requirement.slug
        panel = panel and panels.with_care(panel, bench, slug)
        line = bench.line_of(slug, panel, answer)
        context = {"bench": bench, "line": line, "lines": [line], "service": self.passage.service}
        if not self.request.htmx:
            told = history.of(self.passage.service, self.requirement)
            return render(
                self.request, "reviews/workbench/requirement.html", context | {"history": told}, status=status
            )
        if self.request.method == "POST":
            on_bench = origins.behind(self.request).path == self.bench_url
            whole = on_bench and not bench.narrow.narrows
            group = bench.group(self.requirement.kind)
            context |= {"beside": True, "on_bench": on_bench, "whole": whole, "group": group}
        return render(self.request, "reviews/workbench/swap.html", context, status=status)

    @property
    def _narrow(self) -> Filter:
        """What the workbench behind is narrowed to: an act leaves that as it is."""
        return filters.read(origins.behind(self.request).query)

    def read(self) -> HttpResponse:
        bench, slug, asked = self.bench(), self.requirement.slug, self.request.GET.get("panel")
        if self.request.htmx and asked == panels.CLOSED:
            return self.show(bench, None)
        panel = panels.with_care(panels.fresh(bench.row(slug)), bench, slug)
        if asked == panels.WHO and panel.care:
            panel.care.fields["responsible"].widget.attrs["autofocus"] = True
        return self.show(bench, panels.asking(panel) if asked == panels.WAIVER else panel)

    def looks_at_now(self) -> bool:
        """Did the person see the answer as it is? Asked before an act that leaves typed texts unsaved."""
        version = version_of_answer(self.passage.service, self.requirement)
        return self.request.POST.get("seen", str(version)) == str(version)

    def done(self, answer: Answer | None = None, *, typed: tuple[str, ...] = (), current: bool = True) -> HttpResponse:
        """After an act: what was `typed` into other fields of the panel stays; `answer` offers to undo it.

        Where the person did not see the `current` answer, what was typed keeps the version they saw: saving it
        will show both.
        """
        is_open = panels.mode_of(self.request) == panels.OPEN
        if not self.request.htmx:
            kept = self._narrow.query if origins.behind(self.request).path == self.bench_url else ""
            return redirect(self.url if is_open else f"{self.bench_url}{kept}#{self.requirement.slug}")
        bench = self.bench(answer)
        row = bench.row(self.requirement.slug)
        names = typed if current else (*typed, "seen")
        kept = {name: self.request.POST[name] for name in names if name in self.request.POST}
        panel = panels.fresh(row, kept) if is_open else None
        return self.show(bench, panel, answer=answer)

    def refused(self, panel: Panel, status: int) -> HttpResponse:
        return self.show(self.bench(), panel, status=status)

    @property
    def bench_url(self) -> str:
        return reverse("reviews:workbench", args=[self.passage.service.slug, self.passage.stage.slug])

    @property
    def url(self) -> str:
        return f"{self.bench_url}{self.requirement.slug}/"


def desk_for(request: HttpRequest, slug: str, stage: str, requirement: str, needs: Act = Act.SEE) -> Desk:
    """404 for what the person may not see or does not exist, 403 for what they may not do."""
    passage = passage_for(request, slug, stage, needs)
    sheet = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id)
    if requirement not in sheet.by_slug:
        raise Http404
    return Desk(request, passage, sheet.by_slug[requirement])
