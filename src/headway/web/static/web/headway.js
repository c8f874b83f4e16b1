/* Progressive enhancement only: every page works without this file. No inline script, no eval. */
"use strict";
(() => {
  const NEAR = 40; /* px around a point */
  const PATIENCE = 8000; /* ms */

  /* Pictures: points carry their words; hover or arrow keys read them out. */
  function enliven(picture) {
    const points = [...picture.querySelectorAll("[data-tip]")];
    const holder = picture.closest(".chart");
    if (!points.length || !holder || picture.dataset.live) return;
    picture.dataset.live = "yes";
    picture.setAttribute("tabindex", "0");
    const box = document.createElement("div");
    box.className = "tipbox";
    box.setAttribute("role", "status");
    box.hidden = true;
    holder.append(box);
    let at = -1;

    const centre = (point) => {
      const spot = point.getBoundingClientRect();
      return { x: spot.left + spot.width / 2, y: spot.top + spot.height / 2 };
    };
    const mark = (on) => {
      if (at < 0) return;
      points[at].classList.toggle("tip--on", on);
      points[at].setAttribute("r", on ? "5" : "1");
    };
    const show = (index) => {
      mark(false);
      at = Math.min(points.length - 1, Math.max(0, index));
      box.textContent = points[at].dataset.tip;
      box.hidden = false;
      mark(true);
      const frame = holder.getBoundingClientRect();
      const spot = centre(points[at]);
      const left = spot.x - frame.left - box.offsetWidth / 2;
      box.style.left = `${Math.max(0, Math.min(frame.width - box.offsetWidth, left))}px`;
      const above = spot.y - frame.top - box.offsetHeight - 12;
      box.style.top = `${above > 0 ? above : spot.y - frame.top + 12}px`;
    };
    const hide = () => { mark(false); box.hidden = true; };

    picture.addEventListener("pointermove", (event) => {
      let best = -1;
      let distance = NEAR;
      points.forEach((point, index) => {
        const gap = Math.abs(centre(point).x - event.clientX);
        if (gap < distance) { best = index; distance = gap; }
      });
      if (best >= 0) show(best); else hide();
    });
    picture.addEventListener("pointerleave", hide);
    picture.addEventListener("blur", hide);
    picture.addEventListener("keydown", (event) => {
      const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: points.length - 1 };
      if (event.key === "Escape") hide();
      if (!(event.key in moves)) return;
      event.preventDefault();
      show(moves[event.key]);
    });
  }

  const look = (root) => root.querySelectorAll('svg[role="img"]').forEach(enliven);

  /* A form that is on its way says so, and is not sent twice. */
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    if (event.defaultPrevented || !button || event.target.method === "get") return;
    event.target.dataset.sent = "yes";
    button.setAttribute("aria-busy", "true");
    setTimeout(() => settle(event.target), PATIENCE); /* an answer that is a file leaves the page standing */
  });
  const settle = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(settle));

  /* Open menus close on Escape and on a click elsewhere. */
  const menus = () => document.querySelectorAll(".menu[open], .account[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* What htmx could not save is said in the page, once, where the reader starts. */
  const broken = () => {
    const words = document.getElementById("broken");
    const main = document.getElementById("main");
    if (!words || !main || main.querySelector("[data-broken]")) return;
    const note = words.content.firstElementChild.cloneNode(true);
    note.dataset.broken = "yes";
    main.prepend(note);
    note.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:sendError", broken);
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) broken(); });
  document.addEventListener("htmx:afterOnLoad", () => document.querySelector("[data-broken]")?.remove());
  /* On a phone the chosen one of a row of tabs may lie beyond the edge. */
  const chosenInSight = () => document.querySelectorAll(".tabs > [aria-current]").forEach((tab) => {
    tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth - tab.parentElement.offsetLeft - tab.parentElement.clientWidth;
  });
  window.addEventListener("load", chosenInSight); /* with the fonts, which decide the widths */
  document.addEventListener("htmx:load", (event) => look(event.target));
  document.addEventListener("DOMContentLoaded", () => look(document));
})();
