// What `client.get` reads and `client.set` writes.

const TIME_ZONE = {
  name: "Mexico City", ianaName: "America/Mexico_City", offset: -360, formattedOffset: "GMT-06:00",
};

export class Data {
  constructor(setup, frames) {
    this.setup = setup;
    this.frames = frames;
    this.tickets = new Map(setup.tickets.map((ticket) => [ticket.id, ticketTree(ticket, setup)]));
  }

  get(path, frame) {
    if (path === "colorScheme") return this.setup.session.color_scheme;
    if (path === "instances") return this.frames.contexts();
    if (path.startsWith("instances.")) {
      return this.frames.byGuid(path.slice("instances.".length))?.context ?? unknown();
    }
    const custom = path.match(/^ticket\.customField:(.+)$/);
    if (custom) return this.ticket(frame).customFields[custom[1]] ?? null;
    return walk(this.roots(frame), path.split("."));
  }

  set(path, value, frame) {
    const ticket = this.ticket(frame);
    const custom = path.match(/^ticket\.customField:(.+)$/);
    if (custom) ticket.customFields[custom[1]] = value;
    else if (["ticket.subject", "ticket.status", "ticket.tags", "ticket.priority"].includes(path)) {
      ticket[path.slice("ticket.".length)] = value;
    } else unknown();
  }

  /** Every ticket gets this requester, by their id. */
  setRequester(id) {
    for (const ticket of this.setup.tickets) {
      ticket.requesterId = id;
      this.tickets.set(ticket.id, ticketTree(ticket, this.setup));
    }
  }

  roots(frame) {
    const roots = { currentUser: userTree(this.setup), currentAccount: accountTree(this.setup) };
    if (frame.ticketId !== undefined) roots.ticket = this.ticket(frame);
    return roots;
  }

  ticket(frame) {
    return this.tickets.get(frame.ticketId) ?? unknown();
  }
}

function unknown() {
  throw new Error("No such Api");
}

function walk(value, names) {
  for (const name of names) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) unknown();
    value = value[name];
  }
  return value;
}

function userTree({ agent, session }) {
  return {
    id: agent.id, name: agent.name, email: agent.email, role: agent.role, locale: session.locale,
    groups: [{ id: 360001, name: "Atención a clientes" }], organizations: [], tags: [],
    identities: [{ id: 1, type: "email", value: agent.email, verified: true, primary: true }],
    timeZone: TIME_ZONE, externalId: null, avatarUrl: null,
  };
}

function accountTree({ subdomain, planName }) {
  return { planName, subdomain, timeZone: TIME_ZONE };
}

function ticketTree(ticket, setup) {
  const person = setup.requesters.find((it) => it.id === ticket.requesterId);
  const identity = (it) => ({ ...it, userId: person.id, undeliverableCount: 0, deliverableState: "deliverable" });
  return {
    id: ticket.id, subject: ticket.subject, status: ticket.status, priority: ticket.priority,
    tags: [...ticket.tags], customFields: {}, form: { id: 360002 },
    brand: { id: 360003, name: "Acme", subdomain: setup.subdomain },
    via: { channel: ticket.channel, source: { rel: null, from: {}, to: {} } },
    comments: ticket.comments.map((it, index) => ({ id: index + 1, value: it.text, author: { name: it.author } })),
    conversation: ticket.comments.map((it) => ({ message: { content: it.text }, author: { name: it.author } })),
    // There is no phone here: it is among the identities.
    requester: {
      id: person.id, name: person.name, email: person.email, role: person.role, locale: "es", groups: [],
      organizations: [], tags: [], identities: person.identities.map(identity), timeZone: TIME_ZONE,
      externalId: null, avatarUrl: null,
    },
  };
}
