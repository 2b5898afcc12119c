/* Passkeys: a form marked data-passkey asks the browser to make one ("create") or to show one ("get"), puts the
   answer into its field and is sent. What the browser is asked stands in the page, or is fetched when it is needed.
   Without this file a person signs in with password and code. */
(function () {
  "use strict";

  const able = Boolean(window.isSecureContext && window.PublicKeyCredential) && !/^(\d+\.){3}\d+$|^\[/.test(location.hostname);

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (one) => one.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  }

  /* What the server asks, as the browser takes it: byte strings come as base64url. */
  function asked(options) {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = known(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = known(key.allowCredentials);
    return { publicKey: key };
  }

  /* What the browser gives, as the server takes it. */
  function answer(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const told = await fetch(form.dataset.ask, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    return (await told.json()).request_options;
  }

  function say(form, kind) {
    const place = form.querySelector("[data-passkey-says]");
    const sentence = document.createElement("p");
    sentence.textContent = place.dataset[kind];
    place.replaceChildren(...(kind ? [sentence] : []));
  }

  async function ceremony(form) {
    form.dataset.busy = "";
    say(form, "");
    try {
      const options = asked(await optionsOf(form));
      const credential = await navigator.credentials[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(answer(credential));
      form.submit();
    } catch (error) {
      delete form.dataset.busy;
      say(form, error.name === "InvalidStateError" ? "there" : error.name === "SecurityError" ? "unable" : "cancelled");
    }
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = form.hidden && !able;
    form.addEventListener("submit", (event) => {
      if (!form.checkValidity()) return; // the server says what is missing
      event.preventDefault();
      if (able) ceremony(form);
      else say(form, "unable");
    });
  });
})();
