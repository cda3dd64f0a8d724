// The relay's entry: wraps what Rust exports, so that a panic there is an answer and not silence.
//
// With panic=abort a panic leaves its promise pending for ever, in an alarm for fifteen minutes (relay-runtime.md §6).
// So each call races a timer; and after a panic, which the worker crate's hook notes in `state`, the module is started
// afresh before the next call, with what waited on it rejected. Nothing is decided here.
import { DurableObject } from "cloudflare:workers";
import * as relay from "./index.js";

// An honest call asks SunCo at most four times, 7 s each; an honest alarm works for 60 s and waits 20 s for its last call.
const FETCH_MS = 30_000;
const ALARM_MS = 120_000;
const LOOK_MS = 1_000;

const state = relay.__worker_init_state();
const pending = new Set();

function start() {
  if (!state.criticalError) return;
  relay.__wbg_reset_state();
  state.criticalError = false;
  state.instanceId++;
  for (const reject of pending) reject(new Error("restarted"));
  pending.clear();
}

// The calls of one object that are under way, and one timer for all of them: one for each would cost as much as the rest.
class Guard {
  #calls = new Map();
  #timer = null;

  async run(call, ms) {
    let give_up;
    const late = new Promise((_, reject) => (give_up = reject));
    const key = Symbol();
    this.#calls.set(key, { give_up, due: Date.now() + ms });
    pending.add(give_up);
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
    try {
      return await Promise.race([call(), late]);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
      throw error;
    } finally {
      this.#calls.delete(key);
      pending.delete(give_up);
    }
  }

  #look() {
    const now = Date.now();
    for (const { give_up, due } of this.#calls.values()) {
      if (due <= now) give_up(new Error("no answer in time"));
    }
    this.#timer = this.#calls.size === 0 ? null : setTimeout(() => this.#look(), LOOK_MS);
  }
}

// A request's head as one text, and an answer out of one: each crossing into the module costs as much as a statement of SQL.
// The entry has seen to it that bodies are small.
const EMPTY = new Uint8Array();
const HEADERS = ["authorization", "x-webhook-secret", "x-api-key", "content-type", "idempotency-key"];

function head_of(request) {
  let head = `${request.method}\n${request.url}`;
  for (const name of HEADERS) head += `\n${request.headers.get(name) ?? "\0"}`;
  return head;
}

function response_of(told) {
  const [status, retry_after, allow] = told.split("\n", 3);
  const body = told.slice(status.length + retry_after.length + allow.length + 3);
  const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (body !== "") headers["content-type"] = "application/json; charset=utf-8";
  if (retry_after !== "") headers["retry-after"] = retry_after;
  if (allow !== "") headers["allow"] = allow;
  if (status === "401") headers["www-authenticate"] = "Bearer";
  return new Response(body === "" ? null : body, { status: Number(status), headers });
}

function unavailable() {
  const error = {
    code: "unavailable",
    message: "El relay no pudo atender la llamada.",
    fix: "Reintente en unos segundos; lo que no se confirmó con 202 no quedó guardado.",
  };
  const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", "retry-after": "5" };
  return new Response(JSON.stringify({ error }), { status: 503, headers });
}

export class Account extends DurableObject {
  #instance;
  #number;
  #guard = new Guard();

  #inner() {
    start();
    if (this.#number !== state.instanceId) {
      this.#instance = new relay.Account(this.ctx, this.env);
      this.#number = state.instanceId;
    }
    return this.#instance;
  }

  async fetch(request) {
    try {
      const bytes = request.body === null ? EMPTY : new Uint8Array(await request.arrayBuffer());
      const told = this.#inner().answer(head_of(request), bytes);
      if (told !== undefined) return response_of(told);
      // What asks SunCo something takes a while.
      const { url, method, headers } = request;
      const again = new Request(url, { method, headers, body: bytes });
      return await this.#guard.run(() => this.#inner().fetch(again), FETCH_MS);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
      console.error("account", error?.message);
      return unavailable();
    }
  }

  // An error is thrown on: the platform tries the alarm again.
  async alarm() {
    await this.#guard.run(() => this.#inner().alarm(), ALARM_MS);
  }
}

// Accounts that Rust's own entry has found configured. For theirs, a usual call goes straight to the object, which judges it
// from the beginning: what is skipped here is only asking the same twice.
const known = new Set();
const TOKEN = /^Bearer cx[rw]_([a-z0-9-]{1,63})_[A-Za-z0-9]{32,128}$/;
const PATH = /^https?:\/\/[^/]+\/sunco\/([a-z0-9-]{1,63})\/[0-9a-f]{64}$/;
const STRAIGHT_BYTES = 64 * 1024;

function account_of(request) {
  const method = request.method;
  const length = request.headers.get("content-length");
  const is_usual = method === "POST" ? length !== null && Number(length) <= STRAIGHT_BYTES : method === "GET" && length === null;
  if (!is_usual || request.headers.has("transfer-encoding")) return null;
  const found = PATH.exec(request.url) ?? TOKEN.exec(request.headers.get("authorization") ?? "");
  return found?.[1] ?? null;
}

export default {
  async fetch(request, env, ctx) {
    try {
      start();
      const account = account_of(request);
      if (account !== null) {
        if (known.has(account) || relay.is_configured(env, account)) {
          known.add(account);
          return await env.ACCOUNT.get(env.ACCOUNT.idFromName(account)).fetch(request);
        }
      }
      return await new Guard().run(() => relay.fetch(request, env, ctx), FETCH_MS + 5_000);
    } catch (error) {
      console.error("entry", error?.message);
      return unavailable();
    }
  },
};
