// The agent's workspace: navigation bar, tabs, pages, toasts and modals. It looks like Zendesk Support and
// does what an app can notice: showing, hiding and destroying its iframes.

import { el, fill, initials } from "./dom.js";
import { icon } from "./icons.js";
import { ticketPage } from "./ticket.js";

const PLACES = [
  ["home", "Inicio"], ["views", "Vistas"], ["customers", "Clientes"], ["organizations", "Organizaciones"],
  ["reports", "Informes"], ["admin", "Centro de administración"],
];
const STATUS_NAMES = { new: "Nuevo", open: "Abierto", pending: "Pendiente", solved: "Resuelto" };

export class Workspace {
  constructor(setup, frames) {
    Object.assign(this, { setup, frames });
    this.tickets = new Map();
    this.navFrame = null;
    this.protocol = null;
    this.build();
  }

  build() {
    const { name } = this.setup.metadata;
    this.navButtons = new Map();
    const place = ([key, label]) => this.navButton(key, label, icon(key), key === "home");
    // Without its icon file Zendesk shows no entry for the app at all.
    const hasApp = this.setup.locations.nav_bar && this.setup.hasNavBarIcon;
    const appIcon = el("img.app-icon", { src: `${this.setup.assetBase}icon_nav_bar.svg`, alt: "" });
    this.nav = el("nav.navbar", { "aria-label": "Principal" },
      el("div.brand", { title: "acme" }, "a"), PLACES.map(place),
      hasApp ? [el("div.nav-rule"), this.navButton("app", name, appIcon, true)] : null,
      el("div.nav-foot", {}, "zendesk"));
    this.tabs = el("div.tabs", { role: "tablist" });
    const { agent } = this.setup;
    const topbar = el("header.topbar", {}, this.tabs, el("div.top-tools", {}, icon("search"), icon("bell"),
      icon("phone"), icon("grid"), el("span.avatar.agent", { title: agent.name }, initials(agent.name))));
    this.home = el("section.page.home", {}, this.homeContent());
    this.appPane = el("section.page.app-pane", { hidden: true });
    this.toasts = el("div.toasts", { role: "status", "aria-live": "polite" });
    this.main = el("main.main", {}, topbar, el("div.stage", {}, this.home, this.appPane, this.toasts));
    // Not Zendesk's: a newcomer must not have to search.
    this.callout = hasApp ? el("span.callout", {}, `Abra ${name} aquí`) : null;
    if (this.callout) this.navButtons.get("app").append(this.callout);
    this.root = el("div.workspace", {}, this.nav, this.main);
  }

  navButton(key, label, image, isUsable) {
    const button = el("button.nav-item", {
      title: label, "aria-label": label, type: "button", disabled: !isUsable,
      onclick: () => (key === "app" ? this.openApp() : this.show("home")),
    }, image);
    button.dataset.place = key;
    this.navButtons.set(key, button);
    return button;
  }

  homeContent() {
    const { agent, tickets, requesters } = this.setup;
    const who = (ticket) => requesters.find((it) => it.id === ticket.requesterId).name;
    const open = (ticket) => () => this.openTicket(ticket.id);
    const row = (ticket) => el("tr", { onclick: open(ticket), tabIndex: 0, onkeydown: (event) => event.key === "Enter" && open(ticket)() },
      el("td", {}, el(`span.status.${ticket.status}`, {}, STATUS_NAMES[ticket.status])),
      el("td", {}, `#${ticket.id}`), el("td.subject", {}, ticket.subject), el("td", {}, who(ticket)),
      el("td", {}, ticket.channel === "whatsapp" ? "WhatsApp" : ticket.channel === "email" ? "Correo" : "Web"));
    const count = (status) => tickets.filter((it) => it.status === status).length;
    const card = (value, label) => el("div.card", {}, el("b", {}, String(value)), el("span", {}, label));
    return [
      el("h1", {}, `Hola, ${agent.name.split(" ")[0]}`),
      el("div.cards", {}, card(count("open") + count("new"), "Tickets abiertos"), card(count("pending"), "Pendientes"),
        card(12, "Resueltos esta semana"), card("94 %", "Satisfacción")),
      el("h2", {}, "Sus tickets"),
      el("table.list", {}, el("thead", {}, el("tr", {}, ["Estado", "ID", "Asunto", "Solicitante", "Canal"].map((it) => el("th", {}, it)))),
        el("tbody", {}, tickets.map(row))),
    ];
  }

  /** Shows "home", "app" or a ticket's number; tells the app's iframes what became visible or hidden. */
  show(place) {
    const before = this.place;
    this.place = place;
    this.home.hidden = place !== "home";
    this.appPane.hidden = place !== "app";
    for (const [id, ticket] of this.tickets) ticket.page.hidden = id !== place;
    for (const [key, button] of this.navButtons) button.classList.toggle("active", key === (typeof place === "number" ? "views" : place));
    if (this.callout) this.callout.hidden = place !== "home";
    this.drawTabs();
    const path = { home: "/agent/dashboard", app: `/agent/apps/${this.appSlug()}` }[place] ?? `/agent/tickets/${place}`;
    history.replaceState(null, "", path);
    if (before === place) return;
    this.changeVisibility(this.frameOf(before), false);
    if (!this.isFirstShowing) this.changeVisibility(this.frameOf(place), true);
    this.isFirstShowing = false;
  }

  /** Panes hear about coming and going, but not about their first appearance. */
  changeVisibility(frame, isShown) {
    if (!frame) return;
    this.protocol.emit(frame, isShown ? "app.activated" : "app.deactivated", isShown ? { firstLoad: false } : {});
    if (frame.location === "nav_bar") this.protocol.emit(frame, isShown ? "pane.activated" : "pane.deactivated", {});
  }

  frameOf(place) {
    return place === "app" ? this.navFrame : this.tickets.get(place)?.frame;
  }

  appSlug() {
    return this.setup.metadata.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  }

  /** The first click inserts the iframe; afterwards it lives on while the agent is elsewhere. */
  openApp() {
    this.callout?.remove();
    if (!this.navFrame) {
      this.isFirstShowing = true;
      this.navFrame = this.frames.open({
        location: "nav_bar", page: this.setup.locations.nav_bar, container: this.appPane, guid: this.setup.appGuid,
      });
    }
    this.show("app");
  }

  openTicket(id) {
    const ticket = this.setup.tickets.find((it) => it.id === id);
    if (!ticket) return this.notify(`El ticket #${id} no existe en el sandbox`, "alert");
    if (!this.tickets.has(id)) {
      this.isFirstShowing = true;
      const { page, apps } = ticketPage(ticket, this.setup, () => this.submit(id));
      this.main.querySelector(".stage").prepend(page);
      const location = this.setup.locations.ticket_sidebar;
      const frame = location ? this.frames.open({ location: "ticket_sidebar", page: location, container: apps, ticketId: id }) : null;
      this.tickets.set(id, { page, frame, subject: ticket.subject });
    }
    return this.show(id);
  }

  closeTicket(id) {
    const { page, frame } = this.tickets.get(id);
    this.tickets.delete(id);
    if (frame) this.destroy(frame, "host");
    page.remove();
    if (this.place === id) this.show("home");
    else this.drawTabs();
  }

  /** Saving a ticket asks the app first. */
  async submit(id) {
    const { frame } = this.tickets.get(id);
    const objection = frame ? await this.protocol.ask(frame, "ticket.save") : null;
    if (objection !== null) this.notify(objection || "La app no permite guardar", "error");
    else this.notify(`Ticket #${id} actualizado`, "notice");
  }

  drawTabs() {
    const tab = ([id, { subject }]) => el(`div.tab${this.place === id ? ".active" : ""}`, { role: "tab", "aria-selected": String(this.place === id) },
      el("button.tab-name", { type: "button", onclick: () => this.show(id) }, el("b", {}, subject), el("small", {}, `#${id}`)),
      el("button.tab-close", { type: "button", title: "Cerrar", "aria-label": `Cerrar #${id}`, onclick: () => this.closeTicket(id) }, icon("close", 12)));
    fill(this.tabs, [...this.tickets].map(tab), el("span.tab.add", {}, icon("plus", 14), "Agregar"));
  }

  routeTo(place, first) {
    if (place === "ticket" && first !== "new") this.openTicket(Number(first));
    else if (place === "nav_bar") this.openApp();
    else this.notify(`routeTo: ${place} ${first ?? ""} (el sandbox no tiene esa página)`, "notice");
    return null;
  }

  /** Zendesk's toasts: notice, alert, error. */
  notify(text, kind) {
    const names = { notice: "notice", alert: "alert", error: "error" };
    const toast = el(`div.toast.${names[kind] ?? "notice"}`, {}, el("span", {}, text),
      el("button", { type: "button", "aria-label": "Cerrar", onclick: () => toast.remove() }, icon("close", 12)));
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), 6000);
    return null;
  }

  /** Loads the app once more, in a modal; its maker hears of its end under its guid. */
  openModal({ page, size = {}, parent }) {
    const body = el("div.modal-body");
    const close = el("button.modal-close", { type: "button", "aria-label": "Cerrar" }, icon("close", 14));
    const box = el("div.modal", { role: "dialog", "aria-modal": "true" }, el("header", {}, this.setup.metadata.name, close), body);
    const veil = el("div.veil", {}, box);
    document.body.append(veil);
    const frame = this.frames.open({ location: "modal", page, container: body, parentGuid: parent.guid, ticketId: parent.ticketId });
    frame.veil = veil;
    frame.iframe.style.width = size.width ?? "600px";
    frame.iframe.style.height = size.height ?? "400px";
    close.onclick = () => this.destroy(frame, "host");
    return frame;
  }

  /** Ends an instance, as the app asked (`by` "app") or the agent ("host"). */
  destroy(frame, by) {
    if (by === "host") this.protocol.emit(frame, "app.willDestroy");
    const end = () => {
      this.frames.close(frame);
      frame.veil?.remove();
      if (frame === this.navFrame) this.navFrame = null;
      if (frame.location === "modal") this.protocol.trigger(frame.guid, "modal.close", {});
      this.protocol.emitAll("instance.destroyed", { guid: frame.guid });
    };
    // The app gets a moment to clean up before its page goes.
    if (by === "host") setTimeout(end, 50);
    else end();
    return null;
  }

  /** "Reload all apps": every iframe starts again. */
  reloadApps() {
    for (const frame of this.frames.all.values()) {
      this.protocol.emit(frame, "app.willDestroy");
      frame.iframe.src = this.frames.address(this.setup.locations[frame.location] ?? "assets/iframe.html", frame.guid);
    }
  }

  /** Where the address bar points. A background location runs, unseen, as long as the page is open. */
  openFromAddress() {
    const { background } = this.setup.locations;
    if (background) this.frames.open({ location: "background", page: background, container: this.root.appendChild(el("div", { hidden: true })) });
    const ticket = location.pathname.match(/^\/agent\/tickets\/(\d+)/);
    if (ticket) this.openTicket(Number(ticket[1]));
    else if (location.pathname.startsWith("/agent/apps/")) this.openApp();
    else this.show("home");
    if (this.place === undefined) this.show("home");
  }
}
