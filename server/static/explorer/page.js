"use strict";
// The token lives in this page's memory and nowhere else; leaving the page ends its session.
const API = location.pathname;
const SIGN_IN = `mutation ($phone: String!, $password: String!) {
  signIn(phone: $phone, password: $password) { ... on SignedIn { token } ... on Refusal { message } }
}`;
const form = document.getElementById("sign-in");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

class Refused extends Error {}

async function send(path, token, body, more = {}) {
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { method: "POST", headers, body: body && JSON.stringify(body), ...more });
  } catch {
    throw new Refused("The server cannot be reached. Try again in a moment.");
  }
  const answer = await response.json().catch(() => ({ errors: [{ message: `The server answered ${response.status}.` }] }));
  if (answer.errors) throw new Refused(answer.errors[0].message);
  return answer;
}

async function signIn(phone, password) {
  const { data } = await send(API, null, { query: SIGN_IN, variables: { phone, password } });
  if (!data.signIn.token) throw new Refused(data.signIn.message);
  return data.signIn.token;
}

const signOut = (token) => send(API, token, { query: "mutation { signOut }" }, { keepalive: true }).catch(() => {});

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Refused("A part of the page could not be loaded. Reload it."));
    document.head.append(element);
  });
}

async function explore(token) {
  const { styles, scripts } = await send("/explorer/files", token);
  globalThis.tijoriToken = token; // the last script takes it away
  for (const href of styles) await loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  document.getElementById("door").hidden = true;
  document.getElementById("explorer").hidden = false;
  for (const src of scripts) await loaded(Object.assign(document.createElement("script"), { src }));
}

async function enter() {
  const token = await signIn(form.phone.value, form.password.value);
  try {
    await explore(token);
  } catch (error) {
    signOut(token);
    throw error;
  }
  form.remove();
  addEventListener("pagehide", () => signOut(token));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.textContent = "";
  try {
    await enter();
  } catch (error) {
    problem.textContent = error instanceof Refused ? error.message : "Something went wrong. Reload the page.";
  } finally {
    button.disabled = false;
  }
});

if (document.body.hasAttribute("data-development")) {
  explore(null);
} else {
  form.hidden = false;
  form.phone.focus();
}
