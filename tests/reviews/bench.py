"""A person at the workbench, and what of an answered page is compared."""

import re

from django.urls import reverse


class Browser:
    """A person at the workbench, with htmx or without."""

    def __init__(self, client, service, sheet):
        self.client, self.service, self.sheet = client, service, sheet
        self.bench = reverse("reviews:workbench", args=[service.slug, sheet.stage.slug])

    def url(self, requirement, act=""):
        return f"{self.bench}{requirement.slug}/{act}"

    def post(self, requirement, act="answer/", behind=None, **data):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{behind or self.bench}"}
        return self.client.post(self.url(requirement, act), data, headers=headers)

    def post_plainly(self, requirement, act="answer/", **data):
        return self.client.post(self.url(requirement, act), data)

    def page(self, address=None):
        response = self.client.get(address or self.bench)
        assert response.status_code == 200
        return response.content.decode()


def without_tokens(html):
    """Tokens are masked anew for every answer; spaces between tags do not show."""
    bare = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
    return re.sub(r"\s+", " ", bare)


def row(html, slug):
    """The row of a requirement: from its opening tag to the next row's, or to its end."""
    start = html.rindex("<li", 0, html.index(f'id="{slug}">'))
    depth, place = 0, start
    for tag in re.finditer(r"<(/?)li\b", html[start:]):
        depth += -1 if tag.group(1) else 1
        if depth == 0:
            place = start + tag.end() + 1
            break
    return without_tokens(html[start:place])
