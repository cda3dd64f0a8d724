// Buttons that make SunCo or the host page fail.

import { el, fill } from "./dom.js";
import { read, send } from "./server.js";

const SUNCO = [
  ["Límite: 5 mensajes por segundo", { limit_per_second: 5, status: 429 }],
  ["Límite: 80 por segundo", { limit_per_second: 80, status: 429 }],
  ["Límite: 20 por segundo, con Retry-After: 2", { limit_per_second: 20, status: 429, retry_after: 2 }],
  ["429 en el siguiente envío", { status: 429, times: 1 }],
  ["429 con Retry-After: 3", { status: 429, retry_after: 3, times: 1 }],
  ["400 en el siguiente envío", { status: 400, times: 1 }],
  ["500 con HTML en el siguiente envío", { status: 500, times: 1 }],
  ["El siguiente envío no responde", { hang: true, times: 1 }],
  ["Se corta antes de aceptar", { reset: "before", times: 1 }],
  ["Se corta después de aceptar", { reset: "after", times: 1 }],
  ["Cada envío tarda 200 ms", { delay_ms: 200 }],
  ["Cada envío tarda 1 s", { delay_ms: 1000 }],
  ["Tormenta: 15 s de 429", { status: 429, for_ms: 15000 }],
  ["Ráfaga: 20 respuestas 503", { status: 503, times: 20 }],
  ["Ráfaga: 10 respuestas 502, y los mensajes sí llegan", { status: 502, times: 10, is_accepted: true }],
  ["Los siguientes 5 se cuelgan 60 s", { hang: true, times: 5 }],
  ["Los siguientes 5 llegan, su respuesta tarda 60 s", { answer_delay_ms: 60000, times: 5 }],
  ["Los siguientes 5 responden HTML", { status: 200, times: 5, body: "<html><body>Maintenance</body></html>" }],
  ["Uno de cada 10 falla con 400", { status: 400, every: 10 }],
  ["401 desde ahora", { operation: "any", status: 401 }],
  ["403 desde ahora", { operation: "any", status: 403 }],
  ["HTML en lugar de JSON desde ahora", { operation: "any", status: 200, body: "<html><body>Maintenance</body></html>" }],
  ["SunCo no responde desde ahora", { operation: "any", hang: true }],
];
const HOST = [
  ["Sin respuesta a client.request", { requests: "ignore" }],
  ["Se pierde la respuesta a client.request", { requests: "lose" }],
  ["Sin respuesta a get e invoke", { calls: "ignore" }],
  ["Respuestas 2 s más tarde", { delay_ms: 2000 }],
  ["Los errores 4xx llegan resueltos", { failed_responses: "resolve" }],
  ["Sin handshake (al recargar la app)", { handshake: "ignore" }],
  ["Metadata sin settings (al recargar)", { metadata: "without_settings" }],
];
const HOST_DEFAULTS = {
  handshake: "answer", calls: "answer", requests: "answer", delay_ms: 0, failed_responses: "reject", metadata: "full",
};

/** The drawer's page; `setup.hostFaults` is kept current by the news. */
export class Faults {
  constructor(setup) {
    this.setup = setup;
    this.rules = el("div.chips");
    this.hostButtons = HOST.map(([label, change]) => {
      const button = el("button.fault", { type: "button", onclick: () => this.toggleHost(change) }, label);
      return { button, change };
    });
    const button = ([label, rule]) => el("button.fault", { type: "button", onclick: () => this.add(rule) }, label);
    this.magic = el("table.magic");
    this.root = el("div.faults", {},
      el("h3", {}, "Fallos de SunCo"), el("div.fault-grid", {}, SUNCO.map(button)),
      el("div.active-faults", {}, this.rules, el("button.clear", { type: "button", onclick: () => this.clear() }, "Quitar los fallos de SunCo")),
      el("h3", {}, "Fallos de Zendesk"), el("div.fault-grid", {}, this.hostButtons.map((it) => it.button)),
      el("button.fault", { type: "button", onclick: () => send("POST", "host/emit", { event: "app.registered" }) }, "Registrar la app por segunda vez"),
      el("h3", {}, "Números que fallan"), this.magic);
    this.drawRules();
    this.drawHost();
    this.drawMagic();
  }

  async add(rule) {
    await send("POST", "faults", rule);
    this.drawRules();
  }

  async clear() {
    await send("DELETE", "faults");
    this.drawRules();
  }

  async toggleHost(change) {
    const isOn = isActive(this.setup.hostFaults, change);
    const off = Object.fromEntries(Object.keys(change).map((key) => [key, HOST_DEFAULTS[key]]));
    await send("PUT", "host", { ...this.setup.hostFaults, ...(isOn ? off : change) });
  }

  drawHost() {
    for (const { button, change } of this.hostButtons) {
      const isOn = isActive(this.setup.hostFaults, change);
      button.classList.toggle("on", isOn);
      button.setAttribute("aria-pressed", String(isOn));
    }
  }

  async drawRules() {
    const rules = await read("faults");
    const text = (rule) => Object.entries(rule)
      .filter(([, value]) => value !== null && value !== 0 && value !== false)
      .map(([key, value]) => `${key}: ${typeof value === "string" ? value.slice(0, 20) : JSON.stringify(value)}`).join(", ");
    fill(this.rules, rules.length > 0 ? rules.map((rule) => el("code.chip", {}, text(rule))) : el("small", {}, "Ninguno activo."));
  }

  async drawMagic() {
    const numbers = await read("faults/magic");
    fill(this.magic, numbers.map(({ phone, effect }) => el("tr", {}, el("td", {}, el("code", {}, phone)), el("td", {}, effect))));
  }
}

function isActive(faults, change) {
  return Object.entries(change).every(([key, value]) => faults[key] === value);
}
