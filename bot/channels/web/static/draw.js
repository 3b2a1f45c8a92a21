// One message as elements. Everything foreign enters as text, never as markup.
import { region, words } from "./words.js";

const TOKENS =
  /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|((?<![\w/.])\/[a-z]{3,20}(?![\w/]))|((?<![\d.])(?:11[02]|116\s?\d{3}|0800[\d\s/]{6,12}\d)(?!\d))/g;
const clock = new Intl.DateTimeFormat(region, { hour: "2-digit", minute: "2-digit" });
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function make(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export const hidden = (text) => make("span", "vh", text);

/** Spans with bold and slanted runs, links, phone numbers in emergencies, and commands that can be tapped. */
export function drawText(line, onCommand) {
  const text = make("span", "text"); // inline: the time stands beside the last word where there is room
  text.dir = "auto";
  const rows = [[]];
  for (const [content, bold, slanted] of line.spans) {
    for (const [index, part] of content.split("\n").entries()) {
      if (index) rows.push([]);
      const parts = line.mine ? [part] : pieces(part, line.urgent, onCommand);
      if (!bold && !slanted) rows.at(-1).push(...parts);
      else if (bold && slanted) rows.at(-1).push(make("strong", "", make("em", "", ...parts)));
      else rows.at(-1).push(make(bold ? "strong" : "em", "", ...parts));
    }
  }
  text.append(...rows.flatMap(joined));
  return text;
}

/** A row that begins with a circled number or a dot is an item of a list: it hangs, and needs no line feed. */
function joined(row, index, rows) {
  const isItem = (nodes) => nodes !== undefined && /^[\u2460-\u2473\u2022]/.test(nodes.map((node) => node.textContent ?? node).join(""));
  if (isItem(row)) return [make("span", "item", ...row)];
  return index === 0 || isItem(rows[index - 1]) ? row : ["\n", ...row];
}

function pieces(text, urgent, onCommand) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, url, command, phone] = match;
    if (phone && !urgent) continue;
    parts.push(text.slice(from, match.index), url ? link(url) : command ? commandButton(command, onCommand) : call(phone));
    from = match.index + whole.length;
  }
  return [...parts, text.slice(from)];
}

function link(url) {
  const made = make("a", "", url);
  made.href = url;
  made.rel = "noopener noreferrer";
  made.target = "_blank";
  return made;
}

function call(phone) {
  const made = make("a", "phone", phone);
  made.href = `tel:${phone.replace(/[^\d]/g, "")}`;
  return made;
}

function commandButton(command, onCommand) {
  const made = make("button", "command", command);
  made.type = "button";
  made.addEventListener("click", () => onCommand(command));
  return made;
}

export function drawTime(line) {
  const time = make("time", "", clock.format(line.at));
  time.dateTime = new Date(line.at).toISOString();
  return time;
}

export function drawPicture(picture) {
  const figure = make("figure", "picture");
  figure.dataset.source = picture.source;
  figure.append(...(picture.clip ? clip(picture) : [still(picture)]));
  return figure;
}

function still(picture) {
  const image = new Image(picture.width || undefined, picture.height || undefined);
  image.alt = picture.alt;
  image.decoding = "async";
  image.src = picture.source;
  image.addEventListener("error", () => image.replaceWith(make("p", "missing", `${words.picture}: ${picture.alt}`)));
  return image;
}

function clip(picture) {
  const video = make("video");
  video.muted = video.loop = video.playsInline = true;
  video.preload = "none";
  video.disablePictureInPicture = true;
  if (picture.width) [video.width, video.height] = [picture.width, picture.height];
  if (picture.poster) video.poster = picture.poster;
  video.src = picture.source;
  video.setAttribute("role", "img");
  video.setAttribute("aria-label", picture.alt);
  const toggle = make("button", "toggle", icon("M8 5.5v13M16 5.5v13", "pause"), icon("M8 5l11 7-11 7z", "play"));
  toggle.type = "button";
  const show = () => {
    toggle.classList.toggle("paused", video.paused);
    toggle.setAttribute("aria-label", video.paused ? words.play : words.pause);
  };
  let still = calm.matches; // the member's choice, or the device's wish for calm
  toggle.addEventListener("click", () => {
    still = !video.paused;
    if (still) video.pause();
    else video.play().catch(show);
  });
  for (const event of ["play", "pause"]) video.addEventListener(event, show);
  new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) video.pause();
    else if (!still) video.play().catch(show);
  }).observe(video);
  show();
  return [video, toggle];
}

export function icon(path, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

export function drawState(state) {
  const received = state === "received";
  const path = received ? "M4.5 12.5l5 5 10-11" : "M12 7v5.2l3.4 2M12 3.5a8.5 8.5 0 1 0 .01 0z";
  const made = make("span", "state", hidden(words[received ? "received" : "sending"]), icon(path));
  made.dataset.state = state;
  return made;
}

/** A file that is made when it is fetched. */
export function drawFile(file) {
  const link = make("a", "file", `↓ ${file.name}`);
  link.href = file.source;
  link.download = file.name;
  return link;
}
