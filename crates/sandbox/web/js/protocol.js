// The host's side of the SDK's protocol: messages between the app's iframes and this page.

/** An answer that takes a moment more, if a fault says so. */
const later = (ms) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve());

export class Protocol {
  /** `data`: get and set; `actions`: invoke; `request`: client.request; `faults()`: the host's faults. */
  constructor({ setup, frames, data, actions, request, faults }) {
    Object.assign(this, { setup, frames, data, actions, request, faults });
    this.replies = new Map();
    window.addEventListener("message", (event) => this.receive(event));
  }

  receive(event) {
    if (event.origin !== this.setup.appOrigin) return;
    const frame = this.frames.byWindow(event.source);
    const message = readMessage(event.data);
    if (!frame || !message || message.appGuid !== frame.guid) return;
    if (message.request) this.call(frame, message);
    else if (typeof message.key === "string") this.notice(frame, message);
  }

  notice(frame, { key, message, instanceGuid, error }) {
    const [, verb, event] = key.match(/^iframe\.(on|off|trigger|reply):(.*)$/s) ?? [];
    if (key === "iframe.handshake") this.register(frame);
    else if (verb === "on" || verb === "off") {
      frame.subscriptions.set(subscription(instanceGuid, event), message?.subscriberCount ?? 0);
    } else if (verb === "trigger") this.trigger(instanceGuid ?? frame.guid, event, message);
    else if (verb === "reply") this.replies.get(`${frame.guid} ${event}`)?.(error);
    else if (/^request:\d+$/.test(key)) this.answerRequest(frame, key, message);
    // What is left (session.live, __track__, an app's own postMessage) asks for nothing.
  }

  /** The answer to the handshake: once per load of the app's page. */
  register(frame) {
    frame.subscriptions.clear();
    if (this.faults().handshake !== "answer") return;
    this.emit(frame, "app.registered", this.registration(frame));
    this.emit(frame, "app.activated", { firstLoad: true });
    for (const other of this.frames.all.values()) {
      if (other !== frame) this.emit(other, "instance.created", frame.context);
    }
  }

  /** Registers again, as after "Reload all apps": the SDK then repeats what it had queued before. */
  registerAgain() {
    for (const frame of this.frames.all.values()) {
      this.emit(frame, "app.registered", this.registration(frame));
    }
  }

  registration(frame) {
    const metadata = structuredClone(this.setup.metadata);
    if (this.faults().metadata === "without_settings") delete metadata.settings;
    return { metadata, context: frame.context };
  }

  /** get, set and invoke: each path has its own outcome. */
  async call(frame, { id, request, params, instanceGuid }) {
    const { calls, delay_ms } = this.faults();
    if (calls === "ignore") return;
    const subject = this.frames.byGuid(instanceGuid) ?? frame;
    const result = { errors: {} };
    const attempt = async (path, work) => {
      try {
        result[path] = (await work()) ?? null;
      } catch (error) {
        result.errors[path] = { name: "Error", message: error.message, path };
      }
    };
    if (request === "get") {
      for (const path of params) await attempt(path, () => this.data.get(path, subject));
    } else if (request === "set") {
      for (const [path, value] of Object.entries(params)) {
        await attempt(path, () => {
          this.data.set(path, value, subject);
          this.emitAll(`${path}.changed`, value, (other) => other.ticketId === subject.ticketId);
          return value;
        });
      }
    } else if (request === "invoke") {
      for (const [name, args] of Object.entries(params)) {
        await attempt(name, () => this.actions.invoke(name, args, subject));
      }
    }
    if (calls === "lose") return;
    await later(delay_ms);
    this.post(frame, { id, result });
  }

  async answerRequest(frame, key, options) {
    const { requests, delay_ms } = this.faults();
    if (requests === "ignore") return;
    const { isDone, args } = await this.request.perform(options);
    if (requests === "lose") return;
    await later(delay_ms);
    this.post(frame, { key: `zaf.${key}.${isDone ? "done" : "fail"}`, message: { responseArgs: args } });
  }

  /** An event on the named instance: to itself, and to all who subscribed to it under that guid. */
  trigger(guid, event, message) {
    for (const frame of this.frames.all.values()) {
      if (frame.guid === guid) this.emit(frame, event, message);
      else if (frame.subscriptions.get(subscription(guid, event)) > 0) {
        // Only subscribers may be told: the SDK throws at a guid that it does not know.
        this.post(frame, { key: `zaf.${event}`, message, instanceGuid: guid });
      }
    }
  }

  /** Sends an event to one iframe. */
  emit(frame, event, message) {
    this.post(frame, { key: `zaf.${event}`, message });
  }

  /** Sends an event to all iframes, or to those that `which` picks. */
  emitAll(event, message, which = () => true) {
    for (const frame of this.frames.all.values()) if (which(frame)) this.emit(frame, event, message);
  }

  /** Asks the app's handlers, e.g. before a ticket is saved; resolves with what speaks against it. */
  ask(frame, event, patienceMs = 5000) {
    const key = `${frame.guid} ${event}`;
    return new Promise((resolve) => {
      const answer = (error) => {
        this.replies.delete(key);
        resolve(error ? String(error.msg ?? "") : null);
      };
      this.replies.set(key, answer);
      setTimeout(() => answer(null), patienceMs);
      this.post(frame, { key: `zaf.${event}`, needsReply: true });
    });
  }

  post(frame, message) {
    frame.iframe.contentWindow?.postMessage(JSON.stringify(message), this.setup.appOrigin);
  }
}

const subscription = (guid, event) => `${guid} ${event}`;

/** Messages come as JSON text, replies as objects. */
function readMessage(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
