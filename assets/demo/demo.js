// The demo's page: shows the kiosk's live picture and takes clicks as touches, the paper, the reader, board and console.
const $ = (id) => document.getElementById(id);
const line = $("line");
let state = null;
let shown = 0; // slip on show, counted from 1
let newest = 0;

function say(text) { line.textContent = text; }

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) say((await answer.json()).error ?? "没有做成");
    else say("");
  } catch { say("演示程序已经结束，请重新运行 make run"); }
}

// ---- kiosk: long-poll pictures, send touches ----
async function watchGlass() {
  let after = "";
  for (;;) {
    try {
      const answer = await fetch(`kiosk/frame.png?after=${encodeURIComponent(after)}`);
      if (answer.status === 200) {
        after = answer.headers.get("X-Frame") ?? "";
        const old = $("glass").src;
        $("glass").src = URL.createObjectURL(await answer.blob());
        if (old) URL.revokeObjectURL(old);
        if (line.dataset.from === "glass") { say(""); line.dataset.from = ""; }
      } else if (answer.status !== 204 && answer.status !== 304) { throw new Error(String(answer.status)); }
    } catch {
      say("取号机没有反应"); line.dataset.from = "glass";
      await new Promise((go) => setTimeout(go, 1000));
    }
  }
}

$("glass").addEventListener("pointerdown", (event) => {
  const box = event.target.getBoundingClientRect();
  const scale = Math.min(box.width / event.target.naturalWidth, box.height / event.target.naturalHeight);
  const left = (box.width - event.target.naturalWidth * scale) / 2;
  const top = (box.height - event.target.naturalHeight * scale) / 2;
  post("kiosk/touch", {
    x: Math.round((event.clientX - box.left - left) / scale), y: Math.round((event.clientY - box.top - top) / scale),
  });
});

// ---- paper ----
function showSlip(n, fresh) {
  shown = n;
  const picture = $("slip");
  picture.hidden = n === 0;
  $("no-slip").hidden = n !== 0;
  if (n) {
    picture.src = `slips/${n}.png`;
    picture.alt = `第 ${n} 张小票`;
    picture.classList.toggle("fresh", fresh);
  }
  $("slip-count").textContent = newest ? `第 ${shown} 张，共 ${newest} 张` : "还没有";
  $("older").disabled = shown <= 1;
  $("newer").disabled = shown >= newest;
}
$("older").addEventListener("click", () => showSlip(shown - 1, false));
$("newer").addEventListener("click", () => showSlip(shown + 1, false));

// ---- printer and reader ----
function key(box, words, pressed, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(words[0]);
  if (words[1]) { const small = document.createElement("small"); small.textContent = words[1]; button.append(small); }
  button.setAttribute("aria-pressed", String(pressed));
  button.addEventListener("click", act);
  box.append(button);
}

function draw() {
  $("printer-state").textContent = state.printer.fault ? state.printer.say : "正常";
  $("printer-keys").replaceChildren();
  for (const fault of state.printer.faults) {
    const on = state.printer.fault === fault.name;
    key($("printer-keys"), [fault.say], on, () =>
      post("printer", on ? { do: "clear" } : { do: "fault", name: fault.name }));
  }
  $("reader-state").textContent = state.reader.card ? "卡在读卡器上" : "没有卡";
  $("cards").replaceChildren();
  for (const card of state.reader.cards) {
    key($("cards"), [card.say, card.kind], state.reader.card === card.name, () =>
      post("reader", { do: "lay", card: card.name }));
  }
  $("lift").disabled = !state.reader.card;
  drawCounter();
  if (state.slips > newest) { newest = state.slips; showSlip(newest, true); }
}
$("lift").addEventListener("click", () => post("reader", { do: "lift" }));

// ---- call pads and strips ----
const SOUNDS = { 1: "嘀：办到了", 3: "嘀嘀嘀：没办成，看清再按" };
let heard = {}; // sounds of each window's pad when it was looked at last
let strip = ""; // what the picture shows
let saidAt = 0;

function drawCounter() {
  const counters = state.counters;
  $("counter").hidden = !counters;
  if (!counters) return;
  if (!$("window").options.length) {
    for (const window of Object.keys(counters.windows)) $("window").add(new Option(`${window}号`, window));
    for (const each of counters.keys) {
      key($("pad-keys"), [each.say], false, () => post("pads", { do: "press", address: Number($("window").value), key: each.name }));
    }
    fit();
  }
  const at = $("window").value;
  const { next, waiting, beeps, beep, text, flash } = counters.windows[at];
  $("pad-display").textContent = `${next || "----"} 等${String(waiting ?? "-").padStart(3)}`;
  if (beeps > (heard[at] ?? beeps)) { $("pad-state").textContent = SOUNDS[beep] ?? ""; saidAt = Date.now(); }
  else if (Date.now() - saidAt > 6000) $("pad-state").textContent = "先在窗口页面登录上岗，叫号器才管用";
  heard[at] = beeps;
  if (strip !== `${at} ${text}`) {
    strip = `${at} ${text}`;
    $("strip").src = `strips/${at}.png?${encodeURIComponent(strip)}`;
    $("strip").alt = text || "暗";
  }
  $("strip").classList.toggle("flash", flash);
  $("strip-state").textContent = text ? `条屏：${text}` : "条屏：暗";
  for (const kind of ["pads", "strips"]) {
    $(`${kind}-faults`).replaceChildren();
    for (const fault of counters.faults) {
      const on = counters.fault[kind] === fault.name;
      key($(`${kind}-faults`), [fault.say], on, () => post(kind, on ? { do: "clear" } : { do: "fault", name: fault.name }));
    }
  }
}
$("window").addEventListener("change", () => state && drawCounter());

async function watchState() {
  let before = "";
  for (;;) {
    try {
      const text = await (await fetch("state.json")).text();
      if (text !== before) {
        before = text;
        state = JSON.parse(text);
        draw();
      }
    } catch { say("演示程序已经结束，请重新运行 make run"); }
    await new Promise((go) => setTimeout(go, 400));
  }
}

// ---- board and console ----
function fit() {
  for (const frame of document.querySelectorAll(".frame")) {
    const page = frame.firstElementChild;
    const { width, height } = frame.dataset;
    const room = (innerHeight - 160 - $("counter").offsetHeight) / 2;
    const scale = Math.min(frame.parentElement.clientWidth / width, room / height);
    page.style.width = `${width}px`;
    page.style.height = `${height}px`;
    page.style.transform = `scale(${scale})`;
    frame.style.width = `${width * scale}px`;
    frame.style.height = `${height * scale}px`;
  }
}
addEventListener("resize", fit);

const places = await (await fetch("places.json")).json();
$("board").src = places.board;
$("console").src = places.console;
$("board-link").href = places.board;
$("console-link").href = places.console;
for (const account of places.accounts) {
  const row = $("accounts").insertRow();
  row.insertCell().textContent = account.role;
  for (const value of [account.account, account.password]) {
    const code = document.createElement("code");
    code.textContent = value;
    row.insertCell().append(code);
  }
}
fit();
showSlip(0, false);
watchGlass();
watchState();
