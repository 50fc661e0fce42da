// The page works without this file. With it, the conversation goes on without loading the page anew, new turns are
// announced by the log, and Enter sends.
"use strict";

const quiet = matchMedia("(prefers-reduced-motion: reduce)");
const touch = matchMedia("(pointer: coarse)");

async function send(form, button) {
  const log = document.getElementById("log");
  if (log.getAttribute("aria-busy") === "true") return;
  log.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const response = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok || !page.getElementById("log")) throw new Error("not the conversation");
    show(page, form.matches(".compose"));
  } catch {
    plainly(form, button); // the same form once more: what was taken in already counts once
  } finally {
    log.setAttribute("aria-busy", "false");
  }
}

function plainly(form, button) {
  if (button && button.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    form.append(field);
  }
  HTMLFormElement.prototype.submit.call(form);
}

function show(page, typed) {
  const log = document.getElementById("log");
  const known = new Set([...log.children].map((turn) => turn.id));
  for (const turn of [...log.children]) renew(turn, page.getElementById(turn.id));
  const fresh = [...page.getElementById("log").children].filter((turn) => !known.has(turn.id)).map((turn) => document.importNode(turn, true));
  document.title = page.title;
  const skips = page.querySelectorAll(".skip"); // they lead to the latest turn
  document.querySelectorAll(".skip").forEach((link, i) => skips[i] && link.replaceWith(document.importNode(skips[i], true)));
  for (const place of ["note", "compose"]) {
    const [mine, theirs] = [document.getElementById(place), page.getElementById(place)];
    if (place === "compose" && !fresh.length) continue; // nothing was taken in: keep what they typed
    mine.className = theirs.className;
    mine.replaceChildren(...document.importNode(theirs, true).childNodes);
  }
  log.append(...fresh);
  settle(fresh.at(-1), typed);
}

// What could be done about an earlier turn goes; the turn itself stays as it is, so that it is not read out again.
function renew(turn, later) {
  if (!later) return turn.remove(); // a step of a report: nothing of it is kept
  const [mine, theirs] = [turn.querySelector(".now"), later.querySelector(".now")];
  if (!mine) return;
  if (!theirs) mine.remove();
  else mine.replaceChildren(...document.importNode(theirs, true).childNodes);
}

function settle(turn, typed) {
  const note = document.getElementById("note");
  const question = document.getElementById("question");
  if (!turn) return (note.textContent ? note : document.querySelector("#log > :last-child")).focus();
  if (typed && !touch.matches) question.focus({ preventScroll: true });
  else turn.focus({ preventScroll: true });
  turn.scrollIntoView({ behavior: quiet.matches ? "auto" : "smooth", block: "start" });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-talk]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!plain || touch.matches || !event.target.matches(".compose[data-talk] textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

if (location.search && document.getElementById("log")) history.replaceState(null, "", location.pathname + location.hash);
