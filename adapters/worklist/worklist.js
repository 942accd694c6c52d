// What a page does beside the server's part, all of it optional: says what is new without moving what is read, says when what was sent is safe, keeps what is typed as a draft, puts in how to reach a colleague, warns before the session ends, and prints a sheet.
"use strict";

const part = (name) => document.getElementById(`tc-${name}`);
const live = part("live");

// ---- What is new, and the session's end

const warnSeconds = 120;
let ends, whole, told = false; // told once: whoever closes the warning may finish
let written = false; // where it is kept once it is sent, and no draft of it is: then the page stays, without whom it is about

// The session has ended.
function leave() {
  if (!written) location.replace("/sign-in");
  part("ending").close();
  for (const whose of document.querySelectorAll("[data-leaves]")) whose.remove();
}

function session(left, wholeLeft) {
  ends = Date.now() + left * 1000;
  whole = Date.now() + wholeLeft * 1000;
  look();
}

// Called every second, and when the computer wakes up.
function look() {
  const left = ends - Date.now(), dialog = part("ending");
  if (left <= 0) { leave(); return; }
  part("stay").hidden = whole - Date.now() <= warnSeconds * 1000;
  if (left > warnSeconds * 1000) {
    told = false;
    if (dialog.open) dialog.close();
  } else if (!told) {
    told = true;
    dialog.showModal();
  }
}

async function stay(event) {
  event.preventDefault();
  const answer = await fetch("/stay", { method: "POST", body: new URLSearchParams(new FormData(part("stay"))), redirect: "manual" });
  if (answer.ok) session(...(await answer.text()).split(" ").map(Number));
  else leave();
}

function show(name, words) {
  const line = part(name);
  if (words !== undefined && part(`${name}-words`).textContent !== words) part(`${name}-words`).textContent = words;
  line.hidden = false;
}

// What has the focus is never behind a line that comes up. Nothing else moves.
function uncover() {
  const at = document.activeElement, box = at.getBoundingClientRect(), line = live.getBoundingClientRect();
  if (line.height > 0 && at !== document.body && !live.contains(at) && box.top < innerHeight && box.bottom > line.top && box.bottom > 0) at.scrollIntoView({ block: "nearest" });
}

function listen() {
  const stream = new EventSource(live.dataset.stream), wasAway = live.dataset.away === "true";
  stream.onmessage = ({ data }) => {
    const now = JSON.parse(data);
    if (now.news > 0) show("news", now.words);
    part("away").hidden = !now.away || wasAway;
    part("back").hidden = now.away || !wasAway;
    uncover();
    session(now.left, now.whole);
  };
  stream.addEventListener("end", () => { stream.close(); leave(); });
}

if (live) {
  if (live.dataset.keeps) {
    written = live.dataset.typed === "true"; // it came with what was typed before
    addEventListener("input", () => { written = true; });
  }
  if (location.pathname === "/") part("show").href = location.href;
  session(Number(live.dataset.left), Number(live.dataset.whole));
  part("stay").addEventListener("submit", stay);
  setInterval(look, 1000);
  listen();
}

// ---- Paper: without this the page says how to print it

const printer = part("print");
if (printer) {
  printer.hidden = false;
  part("how").hidden = true;
  printer.addEventListener("click", () => print());
}

// ---- What was sent, until it is safe

const sent = part("sent"), lookEvery = 3000, looksMost = 100; // five minutes: a page left open keeps no session alive

async function lookAgain(looks) {
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => undefined);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined, now = page?.getElementById("tc-sent");
  if (now && now.innerHTML !== sent.innerHTML) {
    sent.replaceChildren(...now.childNodes);
    document.title = page.title;
  }
  if ((!now || now.dataset.waits) && looks > 1) setTimeout(lookAgain, lookEvery, looks - 1);
}

if (sent?.dataset.waits) setTimeout(lookAgain, lookEvery, looksMost);

// ---- A colleague who is named: name, telephone and team go along at once, as the server would put them in (colleague.c); what was written of somebody else stays

const boxes = { person: "name", phone: "phone", team: "team" };

function goAlong({ target: list }) {
  const people = [...list.options].map((option) => option.dataset.person), now = list.selectedOptions[0].dataset;
  const [name] = document.getElementsByName("parts.minimum.worker.name");
  if (name.value === now.person || (name.value !== "" && !people.includes(name.value))) return;
  for (const [what, box] of Object.entries(boxes)) document.getElementsByName(`parts.minimum.worker.${box}`)[0].value = now[what] ?? "";
}

document.querySelector('select[name$=".named_worker"]')?.addEventListener("change", goAlong);

// ---- Drafts

const form = document.getElementById("say"), kept = part("draft");
let typed = false, sending = false;

async function keep(last) {
  if (!typed || sending) return;
  typed = false;
  const body = new URLSearchParams(new FormData(form));
  body.set("path", form.getAttribute("action"));
  body.set("step", "keep");
  const answer = await fetch("/draft", { method: "POST", body, redirect: "manual", keepalive: last }).catch(() => undefined);
  if (answer === undefined) typed = true; // the network is away: again in a moment
  else if (answer.ok || answer.status === 507) { kept.textContent = await answer.text(); kept.hidden = kept.textContent === ""; }
}

if (form && kept) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { sending = true; });
  setInterval(keep, 3000);
  addEventListener("pagehide", () => keep(true));
}
