// The pages work without this file. With it: leaving by three presses of Shift, copying the receipt, printing it.
"use strict";

const root = document.documentElement;
const exit = document.getElementById("exit");
const PRESSES = 3;
const WITHIN = 5000; // milliseconds
let pressed = [];

root.classList.add("scripts");

// What stands here is taken from the screen at once, and from the history as far as a page can do that.
function leave() {
  root.classList.add("leaving");
  document.title = "Weather";
  for (const field of document.querySelectorAll("form")) field.reset();
  location.replace(exit.href);
}

exit.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  if (event.key !== "Shift") {
    pressed = []; // a capital letter is no wish to leave
    return;
  }
  const now = event.timeStamp;
  pressed = [...pressed.filter((at) => now - at < WITHIN), now];
  const left = PRESSES - pressed.length;
  if (left === 0) return leave();
  document.getElementById("exiting").textContent = `Shift: press it ${left === 1 ? "once" : "twice"} more to leave this page.`;
});

// A page that the browser has kept alive is not shown again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/");
});

const receipt = document.getElementById("receipt");
const copy = document.getElementById("copy");
if (copy) {
  const copied = document.getElementById("copied");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(receipt.textContent.trim());
      copy.textContent = "Copied";
      copied.textContent = "The receipt is copied.";
    } catch {
      getSelection().selectAllChildren(receipt);
      copied.textContent = "The receipt is marked. Copy it with your keyboard.";
    }
  });
  document.getElementById("print").addEventListener("click", () => print());
}

const note = document.getElementById("note");
if (note && note.textContent.trim()) note.focus();
