// The conversation on screen: lines in order, day separators, buttons, scrolling and focus.
import { drawFile, drawPicture, drawState, drawText, drawTime, hidden, make } from "./draw.js";
import { element, region, words } from "./words.js";

const GROUP_MS = 5 * 60_000;
const NEAR_PX = 140;
const SETTLE_MS = 400; // a second click of a double click must not answer the question that has just appeared
const UNTAP_MS = 6000;
const KEPT = 500;
const dayName = new Intl.DateTimeFormat(region, { weekday: "long", day: "numeric", month: "long" });

export class Lines {
  /** `on`: functions tap(data, message) and command(text). */
  constructor(on) {
    this.on = on;
    this.log = element("log");
    this.list = element("lines");
    this.newest = element("newest");
    this.byRemote = new Map();
    this.days = new Map();
    this.offset = 0; // the member's clock minus this browser's
    this.anchor = null; // the first line that answers the member: its beginning stays in view
    this.follow = true;
    this.log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.newest.addEventListener("click", () => {
      this.anchor = null;
      this.toEnd(true);
    });
    new ResizeObserver(() => this.follow && this.toEnd()).observe(this.list);
    new ResizeObserver(() => this.follow && this.toEnd()).observe(this.log);
  }

  get empty() {
    return this.byRemote.size === 0;
  }

  /** Show the history. Nothing of it is read out: it is not news. */
  restore(lines, now) {
    this.quietly(() => {
      const known = new Set(lines.map((line) => line.remote));
      for (const [remote, line] of this.byRemote) if (!known.has(remote) && !line.classList.contains("pending")) this.remove(remote);
      for (const line of lines) this.put(line, now, false);
    });
    this.toEnd();
  }

  quietly(change) {
    clearTimeout(this.loud);
    this.log.setAttribute("aria-live", "off");
    this.log.setAttribute("aria-busy", "true");
    change();
    this.log.removeAttribute("aria-busy");
    this.loud = setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
  }

  put(line, now, live = true) {
    if (now) this.offset = now - Date.now();
    const signature = JSON.stringify(line);
    const old = this.byRemote.get(line.remote);
    if (old?.signature === signature) return;
    const shown = old ?? this.frame(line);
    shown.signature = signature;
    shown.classList.remove("pending");
    shown.place = line.place;
    shown.at = line.at;
    this.fill(shown, line, live);
    this.insert(shown);
    if (live && !line.mine) this.arrived(shown);
  }

  /** What the member has just written, before the server knows it. */
  pending(id, text) {
    const line = { remote: `m-${id}`, mine: true, spans: [[text, false, false]], buttons: [], at: Date.now() + this.offset };
    if (this.byRemote.has(line.remote)) return;
    const shown = this.frame(line);
    shown.classList.add("pending");
    shown.place = Infinity;
    shown.at = line.at;
    this.fill(shown, line, false);
    this.insert(shown);
    this.anchor = null;
    this.toEnd(true);
  }

  frame(line) {
    const shown = make("article", line.mine ? "line mine" : "line coach");
    shown.tabIndex = -1;
    shown.remote = line.remote;
    this.byRemote.set(line.remote, shown);
    return shown;
  }

  fill(shown, line, live) {
    const focused = shown.contains(document.activeElement);
    const bubble = make("div", "bubble", hidden(`${line.mine ? words.you : words.coach}: `));
    const oldPicture = shown.querySelector("figure");
    if (line.picture) {
      bubble.append(oldPicture?.dataset.source === line.picture.source ? oldPicture : drawPicture(line.picture));
      bubble.classList.add("with-picture");
    }
    bubble.append(this.body(line, live));
    if (line.file) bubble.append(drawFile(line.file));
    const stack = make("div", "stack", bubble);
    if (line.buttons.length) stack.append(this.buttons(shown, line));
    const face = line.mine ? [] : [make("span", "face")];
    shown.replaceChildren(...face, stack);
    shown.classList.toggle("urgent", Boolean(line.urgent));
    delete shown.dataset.tapped;
    if (focused) shown.focus({ preventScroll: true });
  }

  body(line, live) {
    const foot = make("span", "foot", drawTime(line));
    if (line.mine) foot.append(drawState(line.place === undefined ? "sending" : "received"));
    foot.setAttribute("aria-live", "off");
    const text = drawText(line, this.on.command);
    if (line.urgent && live) text.setAttribute("role", "alert");
    if (!line.urgent) return make("div", "body", text, foot);
    const stop = make("span", "stop", "!");
    stop.setAttribute("aria-hidden", "true");
    return make("div", "body", stop, text, foot);
  }

  buttons(shown, line) {
    const group = make("div", "buttons");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words.options);
    const born = performance.now();
    for (const row of line.buttons) {
      const made = row.map((button) => {
        const drawn = make("button", `answer ${["primary", "quiet", "danger"].includes(button.style) ? button.style : "plain"}`, button.label);
        drawn.type = "button";
        drawn.addEventListener("click", () => performance.now() - born > SETTLE_MS && this.tapped(shown, drawn, button, line));
        return drawn;
      });
      group.append(make("div", rowClass(row), ...made));
    }
    return group;
  }

  tapped(shown, drawn, button, line) {
    if (shown.dataset.tapped) return;
    shown.dataset.tapped = "yes";
    drawn.classList.add("chosen");
    drawn.setAttribute("aria-pressed", "true");
    this.follow = true;
    this.anchor = null;
    this.on.tap(button.data, line.remote);
  }

  /** The server has a tap. If the coach changes nothing, the buttons can be used again after a while. */
  settled() {
    for (const shown of this.list.querySelectorAll("[data-tapped]")) {
      const signature = shown.signature;
      setTimeout(() => {
        if (shown.signature !== signature) return;
        delete shown.dataset.tapped;
        for (const drawn of shown.querySelectorAll(".chosen")) {
          drawn.classList.remove("chosen");
          drawn.removeAttribute("aria-pressed");
        }
      }, UNTAP_MS);
    }
  }

  insert(shown) {
    let after = this.list.lastElementChild;
    while (after && (after === shown || !after.remote || after.place > shown.place)) after = after.previousElementSibling;
    if (!shown.parentElement || lineBefore(shown) !== after) {
      this.list.insertBefore(shown, after ? after.nextElementSibling : this.list.firstElementChild);
    }
    this.tidy();
  }

  /** Days, and which lines stand together. */
  tidy() {
    const lines = [...this.list.children].filter((child) => child.remote);
    for (const extra of lines.splice(0, Math.max(0, lines.length - KEPT))) this.remove(extra.remote);
    const used = new Set();
    lines.forEach((line, index) => {
      const before = lines[index - 1];
      const newDay = !before || dayOf(before.at) !== dayOf(line.at);
      if (newDay) used.add(this.separate(line));
      const joins = !newDay && before.className.includes("mine") === line.className.includes("mine") && line.at - before.at < GROUP_MS;
      line.classList.toggle("first", !joins);
      line.classList.add("last");
      if (joins) before.classList.remove("last");
    });
    for (const [line, separator] of this.days) {
      if (used.has(line)) continue;
      separator.remove();
      this.days.delete(line);
    }
  }

  separate(line) {
    let separator = this.days.get(line);
    if (!separator) {
      separator = make("p", "day", make("span"));
      this.days.set(line, separator);
    }
    const name = this.nameOf(line.at);
    if (separator.textContent !== name) separator.firstChild.textContent = name;
    if (line.previousElementSibling !== separator) this.list.insertBefore(separator, line);
    return line;
  }

  nameOf(at) {
    const now = Date.now() + this.offset;
    if (dayOf(at) === dayOf(now)) return words.today;
    if (dayOf(at) === dayOf(now - 86_400_000)) return words.yesterday;
    return dayName.format(at);
  }

  arrived(shown) {
    this.anchor ??= shown;
    if (this.follow) this.toEnd(true);
    else this.newest.hidden = false;
    const focused = document.activeElement;
    // The keyboard follows the conversation, but onto the message, not onto a button: a second Enter answers nothing.
    const waits = focused !== shown && focused?.remote && !focused.querySelector("button.answer");
    if (waits && shown.querySelector("button.answer")) shown.focus({ preventScroll: true });
  }

  toEnd(smooth = false) {
    this.follow = true;
    this.newest.hidden = true;
    const end = this.log.scrollHeight - this.log.clientHeight;
    const top = this.anchor ? Math.min(end, this.anchor.offsetTop - 16) : end;
    this.log.scrollTo({ top, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
  }

  scrolled() {
    const away = this.log.scrollHeight - this.log.clientHeight - this.log.scrollTop;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      const far = this.log.scrollHeight - this.log.clientHeight - this.log.scrollTop > NEAR_PX;
      this.follow = !far;
      this.newest.hidden = !far;
    }, 250);
    if (away < 2) this.anchor = null;
  }

  remove(remote) {
    this.byRemote.get(remote)?.remove();
    this.byRemote.delete(remote);
  }

  clear() {
    for (const remote of [...this.byRemote.keys()]) this.remove(remote);
    this.tidy();
  }
}

function rowClass(row) {
  if (!row.every((button) => button.label.length < 3)) return "row";
  return row.length === 11 ? "row digits scale" : "row digits";
}

function lineBefore(shown) {
  let before = shown.previousElementSibling;
  while (before && !before.remote) before = before.previousElementSibling;
  return before;
}

function dayOf(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}
