// The line to the coach: reconnects by itself, and keeps what the member wrote until the server has stored it.
const OUTBOX = "outbox";
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const ACK_WITHIN_MS = 15_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const COOKIE_AFTER = 2; // failed tries

export class Link {
  /** `on`: functions frame(frame), state("open" | "closed" | "away"), lost(frame). */
  constructor(on) {
    this.on = on;
    this.outbox = read();
    this.socket = null;
    this.ready = false; // the history has come
    this.waiting = null; // id of the one frame sent and not yet acknowledged
    this.tries = 0;
    this.awayTries = 0;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    addEventListener("pageshow", (event) => event.persisted && this.hurry());
    setInterval(() => this.ping(), PING_EVERY_MS);
  }

  connect() {
    clearTimeout(this.retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/socket`);
    this.socket = socket;
    socket.onmessage = (event) => socket === this.socket && this.receive(JSON.parse(event.data));
    socket.onclose = () => socket === this.socket && this.closed();
  }

  hurry() {
    if (this.socket === null) this.connect();
    else this.ping();
  }

  restart() {
    const socket = this.socket;
    this.closed();
    socket?.close();
    this.tries = 0;
    this.connect();
  }

  closed() {
    this.socket = null;
    this.ready = false;
    this.waiting = null;
    clearTimeout(this.ackTimer);
    clearTimeout(this.pongTimer);
    this.on.state("closed");
    // The cookie may have been deleted while the page was open: then only the page itself brings a new one.
    if (this.tries === COOKIE_AFTER) fetch("/", { cache: "no-store" }).catch(() => {});
    const longest = Math.min(FIRST_WAIT_MS * 2 ** this.tries++, LONGEST_WAIT_MS);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), longest * (0.6 + 0.4 * Math.random()));
  }

  receive(frame) {
    clearTimeout(this.pongTimer);
    if (frame.type === "history") {
      const stored = new Set(frame.lines.map((line) => line.remote));
      this.keep(this.outbox.filter((waiting) => !stored.has(`m-${waiting.id}`)));
      this.ready = true;
      this.tries = 0;
      this.on.state("open");
    }
    if (frame.type === "ack") this.acknowledged(frame.id);
    if (frame.type === "away" && frame.id) this.later(frame.id);
    if (frame.type === "notice" && ["not_understood", "too_long"].includes(frame.word)) this.drop();
    this.on.frame(frame);
    this.pump();
  }

  /** Post a frame. An urgent one overtakes everything. Returns its id. */
  post(frame, urgent = false) {
    const posted = { ...frame, id: newId() };
    this.keep(urgent ? [posted, ...this.outbox] : [...this.outbox, posted]);
    if (urgent && this.ready) this.transmit(posted);
    else this.pump();
    return posted.id;
  }

  /** Send something that needs no keeping; false when the line is down. */
  say(frame) {
    if (!this.ready || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  pump() {
    if (this.waiting === null && this.ready && this.outbox.length && !this.pause) this.transmit(this.outbox[0]);
  }

  transmit(frame) {
    if (!this.say(frame)) return;
    this.waiting = frame.id;
    clearTimeout(this.ackTimer);
    this.ackTimer = setTimeout(() => this.socket && this.restart(), ACK_WITHIN_MS);
  }

  acknowledged(id) {
    if (this.awayTries) this.on.state("open");
    this.awayTries = 0;
    this.keep(this.outbox.filter((frame) => frame.id !== id));
    this.settled(id);
  }

  later(id) {
    this.settled(id);
    this.on.state("away");
    const wait = Math.min(1000 * 2 ** this.awayTries++, 30_000);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = null;
      this.pump();
    }, wait);
  }

  settled(id) {
    if (this.waiting !== id) return;
    this.waiting = null;
    clearTimeout(this.ackTimer);
  }

  /** The server refuses the frame on its way for good: give it back instead of sending it for ever. */
  drop() {
    const refused = this.outbox.find((frame) => frame.id === this.waiting);
    if (!refused) return;
    this.keep(this.outbox.filter((frame) => frame !== refused));
    this.on.lost(refused);
  }

  forget() {
    this.keep([]);
  }

  keep(outbox) {
    this.outbox = outbox;
    try {
      sessionStorage.setItem(OUTBOX, JSON.stringify(outbox));
    } catch {
      // storage forbidden or full: the open page still holds it
    }
  }

  ping() {
    if (!this.say({ type: "ping" })) return;
    clearTimeout(this.pongTimer);
    this.pongTimer = setTimeout(() => this.socket && this.restart(), PONG_WITHIN_MS);
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}
