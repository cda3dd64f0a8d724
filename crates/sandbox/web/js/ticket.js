// A ticket's page: its fields, the conversation, and the apps on the right.

import { el, initials } from "./dom.js";
import { icon } from "./icons.js";

/** The page and the element that takes the app's iframe. */
export function ticketPage(ticket, setup, onSubmit) {
  const requester = setup.requesters.find((it) => it.id === ticket.requesterId);
  const field = (label, value) => el("div.field", {}, el("label", {}, label), el("div.value", {}, value));
  const fields = el("aside.ticket-fields", {},
    field("Solicitante", requester.name), field("Agente asignado*", setup.agent.name),
    field("Etiquetas", ticket.tags.length > 0 ? ticket.tags.map((tag) => el("span.tag", {}, tag)) : "–"),
    field("Tipo", "Pregunta"),
    field("Prioridad", { low: "Baja", normal: "Normal", high: "Alta" }[ticket.priority] ?? ticket.priority));
  const comment = ({ author, time, text }) => el(`div.comment${author === requester.name ? "" : ".ours"}`, {},
    el("span.avatar", {}, initials(author)),
    el("div.comment-body", {}, el("header", {}, el("b", {}, author), el("time", {}, time)), el("p", {}, text)));
  const conversation = el("div.conversation", {},
    el("header.ticket-head", {}, el("h1", {}, ticket.subject), el("small", {}, `Vía ${ticket.channel} · #${ticket.id}`)),
    el("div.comments", {}, ticket.comments.map(comment)),
    el("div.composer", {}, el("div.composer-head", {}, "Respuesta pública ▾"), el("div.composer-text", {}, `Para ${requester.name}`),
      el("footer", {}, el("button.submit", { type: "button", onclick: onSubmit }, "Enviar como abierto"))));
  const phone = requester.identities.find((it) => it.type === "phone_number");
  const apps = el("div.app-card-body");
  const context = el("aside.context", {},
    el("div.person", {}, el("span.avatar", {}, initials(requester.name)),
      el("div", {}, el("b", {}, requester.name), el("small", {}, requester.email ?? "Sin correo"), el("small", {}, phone?.value ?? "Sin teléfono"))),
    setup.locations.ticket_sidebar
      ? el("div.app-card", {}, el("header", {}, icon("apps", 16), setup.metadata.name), apps)
      : el("p.muted", {}, "La app no declara ticket_sidebar."));
  const page = el("section.page.ticket", { hidden: true }, fields, conversation, context);
  return { page, apps };
}
