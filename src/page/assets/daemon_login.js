// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The form that asks for the token of the API.
 *
 * @module
 */
import { make } from "./dom.js";

/**
 * Fills the element with the form, and calls back when the daemon has let the person in.
 *
 * @type {import("./page_types.js").RenderLogin}
 */
export function renderLogin(element, onDone) {
  const input = make("input", {
    id: "login-token",
    type: "password",
    autocomplete: "current-password",
    spellcheck: "false",
    autocapitalize: "off",
    required: true,
    "aria-describedby": "login-problem",
  });
  const problem = make("p", { id: "login-problem", class: "problem", role: "alert" });
  const button = make("button", { type: "submit", class: "primary" }, ["Log in"]);
  const form = make("form", { class: "login" }, [
    make("h2", {}, ["Log in"]),
    make("p", { class: "hint" }, [
      "This daemon asks for the token of its API: it is in the file that ",
      make("code", {}, ["api-token-file"]),
      " names on the node.",
    ]),
    make("label", { for: "login-token" }, ["Token"]),
    input,
    problem,
    button,
  ]);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    const wrong = await logIn(input.value.trim());
    button.disabled = false;
    if (wrong === "") return onDone();
    problem.textContent = wrong;
    input.select();
    input.focus();
  });
  element.replaceChildren(form);
  input.focus();
}

/**
 * @param {string} token
 * @returns {Promise<string>} Why it did not work; empty if it did.
 */
async function logIn(token) {
  try {
    const response = await fetch("/v1/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (response.ok) return "";
    const { error, hint } = await response.json();
    return `${error}: ${hint ?? response.status}.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The daemon cannot be heard: ${reason}.`;
  }
}

/** Ends the session; the page asks for a login then. */
export async function logOut() {
  await fetch("/v1/logout", { method: "POST" });
}
