// What `client.invoke` does.

export class Actions {
  /** `workspace` shows things; `frames` holds the app's iframes; `protocol` comes later (they need each other). */
  constructor(setup, frames, workspace) {
    Object.assign(this, { setup, frames, workspace });
  }

  invoke(name, args, frame) {
    switch (name) {
      case "notify":
        return this.workspace.notify(String(args[0] ?? ""), args[1] ?? "notice");
      case "resize":
        return resize(frame, args[0] ?? {});
      case "routeTo":
        return this.workspace.routeTo(...args);
      case "instances.create":
        return this.create(args[0] ?? {}, frame);
      case "destroy":
        return this.workspace.destroy(frame, "app");
      // Usage statistics, and requests to be shown or hidden that mean nothing here.
      case "track": case "popover": case "preloadPane": case "hide": case "show":
        return null;
      default:
        throw new Error("No such Api");
    }
  }

  create({ location, url, size }, parent) {
    if (location !== "modal") throw new Error(`Could not create instance in location ${location}`);
    const modal = this.workspace.openModal({ page: url, size, parent });
    const { instanceGuid, product, account } = modal.context;
    return [{ instanceGuid, product, location, host: "support", account, status: "created" }];
  }
}

/** The only way for an app to have another height. */
function resize(frame, { width, height }) {
  const size = (value) => (typeof value === "number" ? `${value}px` : String(value));
  if (frame.location === "nav_bar") return null;
  if (height !== undefined) frame.iframe.style.height = size(height);
  if (width !== undefined && frame.location === "modal") frame.iframe.style.width = size(width);
  return null;
}
