// The sheets that slide over the conversation: menu, appearance, return code, emergency.
import { element, words } from "./words.js";

export function prepareSheets(link) {
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  for (const sheet of document.querySelectorAll("dialog")) {
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  }
  element("menu-button").addEventListener("click", () => element("menu").showModal());
  prepareLook();
  prepareCode(link);
}

export function showEmergency() {
  const sheet = element("emergency");
  if (sheet.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  sheet.showModal();
}

export function showCode(code) {
  element("code-value").textContent = `${code.slice(0, 5)}-${code.slice(5)}`;
  element("code-copy").textContent = words.copy;
  element("menu").close();
  element("code").showModal();
}

function prepareLook() {
  const chosen = document.documentElement.dataset.look ?? "auto";
  for (const choice of document.querySelectorAll("input[name=look]")) {
    choice.checked = choice.value === chosen;
    choice.addEventListener("change", () => choose(choice.value));
  }
}

function choose(look) {
  if (look === "auto") delete document.documentElement.dataset.look;
  else document.documentElement.dataset.look = look;
  try {
    localStorage.setItem("look", look);
  } catch {
    // storage forbidden: it holds until the page is closed
  }
}

function prepareCode(link) {
  element("code-show").addEventListener("click", () => link.say({ type: "code" }));
  element("code-copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(element("code-value").textContent);
      element("code-copy").textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(element("code-value"));
    }
  });
  element("code-enter").addEventListener("click", () => {
    element("menu").close();
    element("back-error").textContent = "";
    element("back").showModal();
    element("back-code").focus();
  });
  element("back-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = await comeBack(element("back-code").value);
    if (problem === null) {
      link.forget(); // what waits here was written by somebody the server does not know
      location.reload();
    } else {
      element("back-error").textContent = words[problem] ?? words.offline;
      element("back-code").select();
    }
  });
}

async function comeBack(code) {
  try {
    const answer = await fetch("/return", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    return answer.ok ? null : (await answer.json()).word;
  } catch {
    return "offline";
  }
}
