// What "WhatsApp" received: chat bubbles, as the recipient's phone would show them.

import { el, fill, number } from "./dom.js";
import { icon } from "./icons.js";
import { read } from "./server.js";

/** So many bubbles stay on the page. */
const MAX_SHOWN = 60;
const EVERY_MS = 700;

export class WhatsApp {
  constructor() {
    this.nKnown = 0;
    this.empty = el("p.wa-empty", {}, "Todavía no llega ningún mensaje. Cuando CXConnect envíe una plantilla, la verá aquí como en el teléfono del cliente.");
    this.chat = el("div.wa-chat", {}, this.empty);
    // The newest message stays in view, unless somebody scrolled up to read; pictures grow when they arrive.
    this.isFollowing = true;
    this.chat.addEventListener("scroll", () => { this.isFollowing = this.distanceToEnd() < 80; });
    this.chat.addEventListener("load", () => this.follow(), true);
    this.counter = el("b", {}, "0");
    this.note = el("small", {}, "");
    this.root = el("div.wa", {},
      el("header.wa-head", {}, el("span.wa-avatar", {}, icon("person", 18)),
        el("div", {}, el("b", {}, "Teléfonos de los clientes"), this.note), el("span.wa-count", { title: "Mensajes recibidos" }, this.counter)),
      this.chat);
    this.watch();
  }

  /** Asks again and again; what is new joins the chat. Where nobody sees it, it leaves the page's time to others. */
  async watch() {
    try {
      if (this.root.checkVisibility() && !document.hidden) await this.update();
    } catch (error) {
      this.note.textContent = "El sandbox no responde";
      console.error(error);
    }
    setTimeout(() => this.watch(), EVERY_MS);
  }

  async update() {
    let news = await read(`received?per_phone=false&after=${this.nKnown}&limit=${MAX_SHOWN}`);
    if (news.total < this.nKnown) return this.forget();
    if (news.total - this.nKnown > MAX_SHOWN) news = await read(`received?per_phone=false&after=${news.total - MAX_SHOWN}&limit=${MAX_SHOWN}`);
    const nFailed = news.total - news.n_delivered;
    this.counter.textContent = number(news.total);
    this.note.textContent = `${number(news.n_phones)} números${nFailed > 0 ? ` · ${number(nFailed)} no se entregan` : ""}`;
    if (news.messages.length === 0) return;
    this.empty.remove();
    this.chat.append(...news.messages.map(bubble));
    while (this.chat.childElementCount > MAX_SHOWN) this.chat.firstElementChild.remove();
    this.nKnown = news.messages.at(-1).number;
    this.follow();
  }

  distanceToEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight;
  }

  follow() {
    if (this.isFollowing) this.chat.scrollTop = this.chat.scrollHeight;
  }

  forget() {
    this.nKnown = 0;
    this.counter.textContent = "0";
    fill(this.chat, this.empty);
  }
}

function bubble(message) {
  const { rendered, failure } = message;
  const time = new Date(message.received_at_ms).toLocaleTimeString("es-MX", { hour: "2-digit", minute: "2-digit" });
  return el("article.wa-message", {},
    el("div.wa-to", {}, `Para ${message.phone}`),
    el(`div.wa-bubble${failure ? ".failed" : ""}`, {},
      header(rendered.header),
      el("div.wa-body", {}, markup(rendered.body)),
      rendered.footer ? el("div.wa-footer", {}, rendered.footer) : null,
      el("div.wa-time", {}, time)),
    rendered.buttons.map((it) => el("div.wa-button", { title: it.value ?? "" }, it.text || it.kind)),
    el("div.wa-meta", {}, message.template ? `${message.template} · ${message.language}` : "texto libre"),
    failure ? el("div.wa-failure", {}, `No se entrega: (#${failure.code}) ${failure.title}. ${failure.details}`) : null,
    message.is_answer_lost ? el("div.wa-failure", {}, "Quien lo envió no recibió respuesta.") : null);
}

function header(it) {
  if (!it) return null;
  if (it.kind === "text") return el("div.wa-header", {}, it.text ?? "");
  const sample = it.link?.match(/^https:\/\/media\.acme\.example\/([\w.-]+)$/)?.[1];
  if (it.kind === "image" && sample) return el("img.wa-image", { src: `/media/${sample}`, alt: "" });
  const names = { image: "Imagen", video: "Video", document: "Documento", location: "Ubicación" };
  return el("div.wa-media", { title: it.link ?? "" }, icon("file", 22),
    el("span", {}, it.filename ?? it.link?.split("/").at(-1) ?? names[it.kind] ?? it.kind), el("small", {}, names[it.kind] ?? it.kind));
}

const STYLES = [["```", "code"], ["*", "b"], ["_", "i"], ["~", "s"]];

/** WhatsApp's own markup: *bold*, _italic_, ~strike~, ```mono```. */
export function markup(text) {
  for (const [mark, tag] of STYLES) {
    const escaped = mark.replace("*", "\\*");
    const match = text.match(new RegExp(`^(|[^]*?[^\\p{L}\\p{N}${escaped}])${escaped}(\\S|\\S[^]*?\\S)${escaped}(?![\\p{L}\\p{N}])([^]*)$`, "u"));
    if (match) {
      const inner = tag === "code" ? [match[2]] : markup(match[2]);
      return [...markup(match[1]), el(tag, {}, ...inner), ...markup(match[3])];
    }
  }
  return text === "" ? [] : [text];
}
