/* Forms marked data-autosave keep what is typed: on this device at once, on the server a moment later. Words stay on
   the device until the server has them, through a bad connection, a closed tab or a flat battery. Without this file the
   form's own button saves. */
"use strict";
(() => {
  const CALM = 1500; /* ms without a key before sending */
  const LONGEST = 60000; /* longest pause between two tries */

  function start(form) {
    const store = `headway:${form.action}`;
    const status = document.querySelector(form.dataset.autosave);
    const version = form.elements.namedItem("version");
    const words = form.dataset;
    let timer = 0, pause = 2000, sending = false, dirty = false, stopped = false;

    const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
    const read = () => fields().map((one) => [one.name, one.type === "checkbox" || one.type === "radio" ? [one.value, one.checked] : one.value]);
    const say = (text) => { if (status) status.textContent = text; };
    const keep = () => {
      try { localStorage.setItem(store, JSON.stringify({ version: version.value, values: read() })); } catch { /* private window: the server still gets it */ }
    };
    const forget = () => { try { localStorage.removeItem(store); } catch { /* nothing was kept */ } };
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

    function later(wait) { clearTimeout(timer); if (!stopped) timer = setTimeout(send, wait); }

    async function send(leaving = false) {
      if (sending || stopped || !dirty) return;
      sending = true; dirty = false;
      say(words.saving);
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, keepalive: leaving, redirect: "manual" });
        const told = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
        if (answer.ok && told.version !== undefined) {
          version.value = told.version; pause = 2000;
          if (!dirty) { forget(); say(told.saved); } else keep();
        } else if (answer.status === 409 || answer.status === 400) {
          stopped = true; say(told.error || words.broken);
        } else {
          throw new Error(String(answer.status));
        }
      } catch {
        dirty = true; say(words.offline);
        later(pause); pause = Math.min(LONGEST, pause * 2);
      } finally {
        sending = false;
        if (dirty && !stopped) later(CALM);
      }
    }

    function restore() {
      let kept = null;
      try { kept = JSON.parse(localStorage.getItem(store)); } catch { return; }
      if (!kept || same(kept.values, read())) { forget(); return; }
      const elsewhere = kept.version !== version.value;
      const queue = [...kept.values];
      fields().forEach((one) => {
        const at = queue.findIndex(([name, value]) => name === one.name && (!Array.isArray(value) || value[0] === one.value));
        if (at < 0) return;
        const [[, value]] = queue.splice(at, 1);
        if (Array.isArray(value)) { one.checked = value[1]; return; }
        if (elsewhere && one.value && one.value !== value) {
          const note = document.createElement("p");
          note.className = "hint";
          note.textContent = `${words.elsewhere} ${one.value}`;
          one.after(note);
        }
        one.value = value;
      });
      say(words.restored);
      if (!elsewhere) { dirty = true; later(200); }
    }

    const changed = () => { dirty = true; keep(); later(CALM); };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
    window.addEventListener("online", () => later(0));
    document.addEventListener("visibilitychange", () => { if (document.hidden) send(true); });
    window.addEventListener("pageshow", () => { stopped = false; });
    restore();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-autosave]").forEach(start));
})();
