// The page as a whole: what is typed goes to the link, what comes from the link goes on screen.
import { Lines } from "./lines.js";
import { Link } from "./link.js";
import { prepareSheets, showCode, showEmergency } from "./sheets.js";
import { element, language, words } from "./words.js";

const FRAME_BYTES = 24000; // what the server takes, less the wrapping
const TYPING_AFTER_MS = 300;
const TYPING_AT_MOST_MS = 10_000;
const CALL_FOR_HELP = /^\s*(?:[/!]\s*(?:notfall|emergency)\b|(?:notfall|emergency)[\s.!?,]*$)/i;
const field = element("field");
const banner = element("banner");
const typing = element("typing");
let unread = 0;
let typingTimer = 0;

const lines = new Lines({ tap: (data, message) => link.post({ type: "tap", data, message }), command: send });
const link = new Link({ frame: received, state: lineState, lost: giveBack });

function received(frame) {
  switch (frame.type) {
    case "history":
      if (outdated(frame.version)) return;
      lines.restore(frame.lines, frame.now);
      for (const waiting of link.outbox) if (waiting.type === "text") lines.pending(waiting.id, waiting.text);
      welcome();
      break;
    case "line":
      lines.put(frame.line, frame.now);
      if (!frame.line.mine) arrived();
      welcome();
      break;
    case "ack":
      lines.settled();
      break;
    case "typing":
      showTyping();
      break;
    case "notice":
      say(frame.word, true);
      break;
    case "code":
      showCode(frame.code);
      break;
    case "forgotten":
      link.forget();
      lines.clear();
      hideTyping();
      say("forgotten", true);
      welcome();
      break;
  }
}

/** Written, tapped or chosen text on its way to the coach. A call for help is answered here as well, at once. */
function send(text) {
  const urgent = CALL_FOR_HELP.test(text);
  if (urgent) showEmergency();
  lines.pending(link.post({ type: "text", text }, urgent), text);
  welcome();
}

function giveBack(frame) {
  if (frame.type !== "text") return;
  lines.remove(`m-${frame.id}`);
  lines.tidy();
  if (!field.value) field.value = frame.text;
  grow();
}

function lineState(state) {
  document.body.dataset.line = state;
  clearTimeout(lineState.timer);
  if (state !== "open") hideTyping();
  if (state === "closed") lineState.timer = setTimeout(() => say("offline"), 1200); // a blink is not worth a word
  else if (state === "away") say("away");
  else if (!banner.hidden && banner.dataset.word !== "forgotten") say("online", true);
}

function say(word, passing = false) {
  clearTimeout(say.timer);
  banner.dataset.word = word;
  banner.hidden = false;
  banner.textContent = words[word] ?? words.away;
  if (word === "no_code_yet") element("menu").close();
  if (passing) say.timer = setTimeout(() => (banner.hidden = true), word === "online" ? 2000 : 7000);
}

function welcome() {
  element("welcome").hidden = !lines.empty;
}

function arrived() {
  hideTyping();
  if (!document.hidden) return;
  unread += 1;
  document.title = `(${unread}) ${words.title}`;
}

function showTyping() {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => {
    typing.hidden = false;
    if (lines.follow) lines.toEnd(true);
    typingTimer = setTimeout(hideTyping, TYPING_AT_MOST_MS);
  }, TYPING_AFTER_MS);
}

function hideTyping() {
  clearTimeout(typingTimer);
  typing.hidden = true;
}

/** After an update of the server the page is loaded anew, once, and never while something is being written. */
function outdated(version) {
  if (version === document.body.dataset.version || field.value) return false;
  try {
    if (sessionStorage.getItem("loaded-for") === version) return false;
    sessionStorage.setItem("loaded-for", version);
  } catch {
    return false;
  }
  location.reload();
  return true;
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  element("send").disabled = !field.value.trim();
}

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  if (new TextEncoder().encode(JSON.stringify(text)).length > FRAME_BYTES) {
    say("too_long", true);
    return;
  }
  field.value = "";
  grow();
  send(text);
  field.focus();
});
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element("composer").requestSubmit();
});
element("start").addEventListener("click", () => {
  send("/start");
  element("log").focus({ preventScroll: true });
});
element("emergency-link").addEventListener("click", (event) => {
  event.preventDefault();
  send(language === "de" ? "/notfall" : "/emergency");
});
for (const [id, to] of [["next-event", "event"], ["next-morning", "morning"]]) {
  element(id).addEventListener("click", () => link.say({ type: "time", to }) && showTyping());
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = words.title;
});
// Where the keyboard covers the page instead of resizing it, the page makes itself smaller.
visualViewport?.addEventListener("resize", () => {
  document.body.style.height = visualViewport.height < innerHeight - 1 && visualViewport.scale === 1 ? `${visualViewport.height}px` : "";
});

prepareSheets(link);
grow();
link.connect();
