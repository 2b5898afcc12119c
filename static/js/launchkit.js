/* What the page does beyond plain HTML: says whether an entry is saved, keeps the focus, asks before what
   cannot be undone, and takes a double click once. Without this file every page still works. */
(function () {
  "use strict";

  const busyFor = 15000; // after this a form that stayed on its page (a download) may be sent again
  const patience = 3; // how often a 503 is tried again by itself
  const unsaved = new Map(); // form or element -> the button it was sent with
  const saveState = document.getElementById("save-state");

  /* ---- saved or not ---- */

  let fading = 0;

  function say(kind, sentence, ...extras) {
    if (!saveState) return;
    clearTimeout(fading);
    saveState.dataset.kind = kind;
    saveState.replaceChildren(document.createTextNode(sentence), ...extras);
    if (kind === "saved") fading = setTimeout(() => saveState.replaceChildren(), 6000);
  }

  function hush() {
    if (saveState && !unsaved.size) saveState.replaceChildren();
  }

  function asksFor(target) {
    const now = target && target.id && document.getElementById(target.id);
    return Boolean(now && now.querySelector("[data-asks]"));
  }

  function word(name) {
    return (saveState && saveState.dataset[name]) || "";
  }

  function saved() {
    const clock = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    say("saved", word("saved").replace("%s", clock.format(new Date())));
  }

  function retryButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = word("retry");
    button.addEventListener("click", retryAll);
    return button;
  }

  function signInLink() {
    const link = document.createElement("a");
    link.className = "button";
    link.href = document.body.dataset.signIn + "?next=" + encodeURIComponent(location.pathname);
    link.target = "_blank";
    link.textContent = word("signIn");
    return link;
  }

  function retryAll() {
    for (const [element, submitter] of [...unsaved]) {
      unsaved.delete(element);
      if (element.isConnected) resend(element, submitter);
    }
  }

  function resend(element, submitter) {
    release(element);
    if (element.tagName === "FORM") element.requestSubmit(submitter && submitter.isConnected ? submitter : undefined);
    else element.click();
  }

  /* Signing in, here or in another tab, changes the token of every form: take the new one and send once more.
     Somebody else may have signed in meanwhile: then nothing is sent in their name. */
  function personOf(page) {
    const menu = page.querySelector("[data-person]");
    return menu && menu.dataset.person;
  }

  async function renewed() {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!personOf(page)) return "signedOut";
    if (personOf(page) !== personOf(document)) return "somebodyElse";
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token.value; });
    return "";
  }

  function sendOnceMore(element, submitter) {
    element.lkRenewed = true;
    renewed().catch(() => "offline").then((wrong) => {
      if (!wrong) return resend(element, submitter);
      element.lkRenewed = false;
      if (wrong === "offline") return notSaved(element, submitter, wrong);
      if (wrong === "signedOut") return notSaved(element, submitter, wrong, signInLink());
      say("failed", word(wrong));
    });
  }

  function notSaved(element, submitter, name, ...extras) {
    unsaved.set(element, submitter);
    say("failed", word(name), ...extras, retryButton());
  }

  function writes(detail) {
    const verb = detail.requestConfig && detail.requestConfig.verb;
    return Boolean(verb) && verb !== "get";
  }

  function judge(event) {
    const { elt, xhr } = event.detail;
    const submitter = elt.lkSubmitter;
    unsaved.delete(elt);
    if (xhr.status === 0) return notSaved(elt, submitter, "offline");
    if (signedOut(xhr) || xhr.status === 401) return notSaved(elt, submitter, "signedOut", signInLink());
    if (xhr.status >= 500) {
      notSaved(elt, submitter, "server");
      return tryAgainLater(elt, xhr);
    }
    if (xhr.status === 409) return say("failed", word("conflict"));
    if (xhr.status === 403 && !elt.lkRenewed) return sendOnceMore(elt, submitter);
    elt.lkRenewed = false;
    if (xhr.status === 403) return say("failed", word("denied"));
    if (xhr.status === 404 || xhr.status === 410) return say("failed", word("gone"));
    if (asksFor(event.detail.target)) return hush(); // the entry asks for one more thing, and has the focus
    if (xhr.status >= 400) return say("failed", word("refused"));
    elt.lkTries = 0;
    if (unsaved.size) return;
    saved();
  }

  function tryAgainLater(element, xhr) {
    const seconds = Number(xhr.getResponseHeader("Retry-After"));
    element.lkTries = (element.lkTries || 0) + 1;
    if (xhr.status !== 503 || !seconds || seconds > 30 || element.lkTries > patience) return;
    setTimeout(() => { if (unsaved.has(element)) retryAll(); }, seconds * 1000);
  }

  function signedOut(xhr) {
    const signIn = document.body.dataset.signIn;
    return Boolean(signIn && xhr.responseURL) && new URL(xhr.responseURL).pathname === signIn;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (signedOut(event.detail.xhr)) {
      event.detail.shouldSwap = false; // a sign-in page is not the fragment that was asked for
      if (!writes(event.detail)) say("failed", word("signedOut"), signInLink());
    }
  });
  window.addEventListener("online", () => { if (unsaved.size) retryAll(); });
  window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

  /* ---- one act at a time ---- */

  function buttonsOf(element) {
    return element.tagName === "FORM" ? [...element.elements].filter((one) => one.type === "submit") : [element];
  }

  function hold(element) {
    element.dataset.busy = "";
    buttonsOf(element).forEach((button) => button.setAttribute("aria-disabled", "true"));
    clearTimeout(element.lkRelease);
    element.lkRelease = setTimeout(() => release(element), busyFor);
  }

  function release(element) {
    delete element.dataset.busy;
    clearTimeout(element.lkRelease);
    buttonsOf(element).forEach((button) => button.removeAttribute("aria-disabled"));
  }

  function viaHtmx(form, submitter) {
    const marks = ["hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"];
    return [form, submitter].some((one) => one && marks.some((mark) => one.hasAttribute(mark)));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if ("busy" in form.dataset) return stop(event);
    if (!confirmed(form, event.submitter)) {
      stop(event);
      return ask(form, event.submitter);
    }
    form.lkSubmitter = event.submitter;
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || viaHtmx(form, event.submitter)) return;
    // one turn later, because a button that is disabled while the form is read would not be sent
    setTimeout(() => hold(form), 0);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!writes(event.detail)) return;
    const { elt } = event.detail;
    if ("busy" in elt.dataset) return event.preventDefault();
    hold(elt);
    say("saving", word("saving"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!writes(event.detail)) return event.detail.successful && hush();
    release(event.detail.elt);
    judge(event);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach(release));

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /* ---- ask first ---- */

  const dialog = document.getElementById("confirm-dialog");

  function question(form, submitter) {
    return (submitter && submitter.dataset.confirm) || form.dataset.confirm;
  }

  function confirmed(form, submitter) {
    if (!dialog || !dialog.showModal || !question(form, submitter)) return true;
    const answer = form.lkConfirmed;
    form.lkConfirmed = false;
    return answer;
  }

  function ask(form, submitter) {
    const source = submitter && submitter.dataset.confirm ? submitter : form;
    const [title, go] = [dialog.querySelector("h2"), dialog.querySelector("[value=confirm]")];
    title.textContent = source.dataset.confirmTitle || title.dataset.default;
    dialog.querySelector("#confirm-text").textContent = source.dataset.confirm;
    go.textContent = source.dataset.confirmLabel || go.dataset.default;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "confirm") return;
      form.lkConfirmed = true;
      form.requestSubmit(submitter || undefined);
    }, { once: true });
    dialog.showModal();
  }

  /* ---- the focus stays where the work is ---- */

  let before = null;

  function noteFocus(target) {
    const active = document.activeElement;
    if (!active || active === document.body || !target || !target.contains(active)) return null;
    return { root: target.id, id: active.id, name: active.name, value: active.tagName === "BUTTON" ? active.value : null };
  }

  function sameIn(root, note) {
    if (note.id) return document.getElementById(note.id);
    if (!note.name) return null;
    return [...root.querySelectorAll("[name]")].find(
      (one) => one.name === note.name && (note.value === null || one.value === note.value) && one.type !== "hidden",
    );
  }

  function focusOn(element) {
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
    element.focus();
  }

  document.addEventListener("htmx:beforeSwap", (event) => { before = noteFocus(event.detail.target); });
  document.addEventListener("htmx:afterSettle", () => {
    if (!before) return;
    const root = (before.root && document.getElementById(before.root)) || null;
    const active = document.activeElement;
    const movedOn = active && active !== document.body && !(root && root.contains(active)); // quicker than the swap
    if (movedOn) {
      before = null;
      return;
    }
    const next = root && (root.querySelector("[data-focus], [autofocus]") || sameIn(root, before));
    if (next) focusOn(next);
    else if (root && document.activeElement === document.body) focusOn(root);
    before = null;
  });

  /* ---- the demo's sign-in page: one press fills in a person ---- */

  function fillIn(list, person) {
    document.getElementById(list.dataset.fillEmail).value = person.dataset.email;
    document.getElementById(list.dataset.fillPassword).value = list.dataset.password;
    document.getElementById(list.dataset.fillPassword).form.querySelector("[type=submit]").focus();
  }

  document.querySelectorAll("[data-fill-email]").forEach((list) => {
    if (!document.getElementById(list.dataset.fillEmail)) return;
    list.querySelectorAll("[data-email]").forEach((person) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = list.dataset.word;
      button.setAttribute("aria-label", list.dataset.word + ": " + person.querySelector("b").textContent);
      button.addEventListener("click", () => fillIn(list, person));
      person.append(button);
    });
  });

  /* ---- menus close again ---- */

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
