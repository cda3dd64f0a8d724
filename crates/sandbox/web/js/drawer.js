// The sandbox's own drawer, at the right and plainly not a part of Zendesk.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { read, send } from "./server.js";

export class Drawer {
  /** `pages`: `{key, label, root}`, the first one is shown. */
  constructor(pages) {
    this.body = el("div.drawer-body");
    this.tabs = el("div.drawer-tabs", { role: "tablist" });
    this.pages = pages;
    const fold = el("button.fold", { type: "button", title: "Plegar o desplegar", "aria-label": "Plegar o desplegar el panel del sandbox", onclick: () => this.toggle() }, icon("chevron", 16));
    this.root = el("aside.drawer", { "aria-label": "Panel del sandbox" },
      el("header.drawer-head", {}, fold, el("div.drawer-title", {}, el("b", {}, "Sandbox"), el("small", {}, "No es parte de Zendesk"))),
      this.tabs, this.body);
    this.show(pages[0].key);
  }

  show(key) {
    const tab = (page) => el(`button.drawer-tab${page.key === key ? ".active" : ""}`, { type: "button", role: "tab", "aria-selected": String(page.key === key), onclick: () => this.show(page.key) }, page.label);
    fill(this.tabs, this.pages.map(tab));
    fill(this.body, this.pages.find((it) => it.key === key).root);
  }

  toggle() {
    this.root.classList.toggle("folded");
  }
}

/** Who may sign in; see the seed's people. */
const AGENTS = [
  ["admin", "Administradora (Lucía)"], ["agent", "Agente (Diego)"], ["light_agent", "Agente ligera (Marta)"],
  ["contributor", "Colaborador (Iván)"], ["custom_role", "Rol Ventas, con permisos (Carla)"],
  ["custom_role_without_policy", "Rol Almacén, sin permisos (Óscar)"],
];

/** Sample files to download and try. */
export function samplesPage() {
  const list = el("div.samples");
  read("samples").then((samples) => {
    const card = ({ name, template, description }) => el("a.sample", { href: `/sandbox/samples/${name}`, download: name },
      el("span.sample-icon", {}, icon("download", 18)),
      el("span", {}, el("b", {}, name), el("small", {}, description), el("code", {}, `plantilla: ${template}`)));
    fill(list, el("p.muted", {}, "Descargue un archivo, elija en CXConnect la plantilla que se indica y agréguelo."), samples.map(card));
  });
  return list;
}

/** Who looks, in which language and light. A new agent means a new login, so the page loads again. */
export function sessionPage(setup, { onColorScheme, onReload }) {
  const { session } = setup;
  const change = async (part) => {
    Object.assign(session, part);
    await send("PUT", "session", session);
  };
  const choice = (label, key, options, after) => el("fieldset.choice", {}, el("legend", {}, label),
    options.map(([value, text]) => el("label", {}, el("input", {
      type: "radio", name: key, value, checked: session[key] === value,
      onchange: async () => { await change({ [key]: value }); after(value); },
    }), text)));
  const again = () => window.location.reload();
  const { metadata } = setup;
  const warnings = [
    setup.hasNavBarIcon ? null : "Falta assets/icon_nav_bar.svg: en Zendesk la app no aparecería en la barra.",
    setup.locations.nav_bar ? null : "El manifest no declara nav_bar.",
  ].filter(Boolean);
  return el("div.session", {},
    choice("Apariencia", "color_scheme", [["light", "Clara"], ["dark", "Oscura"]], onColorScheme),
    choice("Agente (vuelve a entrar)", "role", AGENTS, again),
    choice("Idioma del agente (vuelve a entrar)", "locale", [["es", "Español"], ["en-US", "English (US)"]], again),
    el("div.session-buttons", {},
      el("button.plain", { type: "button", onclick: onReload }, "Recargar todas las apps"),
      el("button.plain", { type: "button", onclick: async () => { await send("POST", "reset"); again(); } }, "Empezar de cero")),
    el("dl.facts", {}, el("dt", {}, "App"), el("dd", {}, `${metadata.name} ${metadata.version}`),
      el("dt", {}, "Cuenta"), el("dd", {}, `${setup.subdomain}.zendesk.com`),
      Object.entries(metadata.settings).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value ?? "–"))])),
    warnings.map((text) => el("p.warning", {}, text)));
}
