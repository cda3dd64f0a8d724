// The app's iframes: one per place and open ticket, plus modals.

// The tokens of the real sandbox attribute are not documented; alert, confirm and prompt do not work there.
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-downloads allow-popups";

/** Keeps every iframe of the app, by its guid. */
export class Frames {
  constructor(setup) {
    this.setup = setup;
    this.all = new Map();
  }

  /** Loads the app into `container`. `page` is relative to the package, as in the manifest. */
  open({ location, page, container, guid = crypto.randomUUID(), parentGuid = null, ticketId }) {
    const context = {
      instanceGuid: guid,
      product: "support",
      account: { subdomain: this.setup.subdomain },
      location,
    };
    if (ticketId !== undefined) context.ticketId = ticketId;
    const iframe = document.createElement("iframe");
    iframe.className = "app-frame";
    iframe.title = `${this.setup.metadata.name} (${location})`;
    iframe.setAttribute("sandbox", SANDBOX);
    iframe.allow = "clipboard-write";
    iframe.src = this.address(page, guid);
    const frame = { guid, iframe, location, context, parentGuid, ticketId, subscriptions: new Map() };
    this.all.set(guid, frame);
    container.append(iframe);
    return frame;
  }

  address(page, guid) {
    const url = new URL(page.replace(/^assets\//, ""), this.setup.assetBase);
    url.searchParams.set("origin", window.location.origin);
    url.searchParams.set("app_guid", guid);
    url.searchParams.set("colorScheme", this.setup.session.color_scheme);
    return url.href;
  }

  close(frame) {
    this.all.delete(frame.guid);
    frame.iframe.remove();
  }

  byGuid(guid) {
    return this.all.get(guid);
  }

  byWindow(source) {
    return [...this.all.values()].find((frame) => frame.iframe.contentWindow === source);
  }

  /** The contexts of all instances, by guid. */
  contexts() {
    return Object.fromEntries([...this.all].map(([guid, frame]) => [guid, frame.context]));
  }
}
