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

async function guard(call, ms) {
  let timer, give_up;
  const late = new Promise((_, reject) => {
    give_up = reject;
    timer = setTimeout(() => reject(new Error("no answer in time")), ms);
  });
  pending.add(give_up);
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
    throw error;
  } finally {
    pending.delete(give_up);
    clearTimeout(timer);
  }
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
      return await guard(() => this.#inner().fetch(request), FETCH_MS);
    } catch (error) {
      console.error("account", error?.message);
      return unavailable();
    }
  }

  // An error is thrown on: the platform tries the alarm again.
  async alarm() {
    await guard(() => this.#inner().alarm(), ALARM_MS);
  }
}

export default {
  async fetch(request, env, ctx) {
    try {
      start();
      return await guard(() => relay.fetch(request, env, ctx), FETCH_MS + 5_000);
    } catch (error) {
      console.error("entry", error?.message);
      return unavailable();
    }
  },
};
