// `client.request`: to the account itself, through Zendesk's proxy, or directly; and what comes of it, in the
// shapes of the old jQuery that Zendesk's host uses.

const PROXY = "/api/v2/zendesk_apps_proxy/proxy/apps/";
const FORM = "application/x-www-form-urlencoded; charset=UTF-8";
const MAX_RETRIES = 3;

export class Requests {
  constructor(setup, faults) {
    this.setup = setup;
    this.faults = faults;
    // Each lane is a port of its own: the browser allows six connections to one of them.
    this.lanes = setup.lanes.map((origin) => ({ origin, nBusy: 0 }));
  }

  /** Resolves with `{isDone, args}`, the arguments of jQuery's done or fail handler. */
  async perform(options) {
    const request = typeof options === "string" ? { url: options } : { ...options };
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.exchange(request);
      const isRetried = response.status === 429 && request.autoRetry !== false && attempt < MAX_RETRIES;
      if (!isRetried) return this.outcome(request, response);
      await new Promise((resolve) => setTimeout(resolve, 1000 * (Number(response.retryAfter) || 1)));
    }
  }

  async exchange(request) {
    const abort = new AbortController();
    const timer = request.timeout > 0 ? setTimeout(() => abort.abort(), request.timeout) : null;
    try {
      const response = await this.send(request, abort.signal);
      return {
        status: response.status,
        reason: response.statusText,
        type: response.headers.get("Content-Type") ?? "",
        retryAfter: response.headers.get("Retry-After"),
        text: await response.text(),
      };
    } catch {
      return { status: 0, reason: abort.signal.aborted ? "timeout" : "" };
    } finally {
      clearTimeout(timer);
    }
  }

  send(request, signal) {
    const method = (request.type ?? request.method ?? "GET").toUpperCase();
    const { url, headers, body } = jqueryWire(request, method);
    const own = this.ownPath(url);
    // The account's own addresses never pass the proxy: placeholders stay what they are.
    if (own !== null) return fetch(own, { method, headers, body, signal });
    if (request.cors) return fetch(this.resolve(url), { method, headers, body, signal });
    return this.throughProxy(request, { method, headers, body }, url, signal);
  }

  async throughProxy(request, { method, headers, body }, url, signal) {
    const lane = this.lanes.reduce((best, it) => (it.nBusy < best.nBusy ? it : best));
    lane.nBusy += 1;
    try {
      const path = `${PROXY}${request.secure ? "secure/" : ""}${encodeURIComponent(url)}`;
      const envelope = { method, headers, body, basic_auth: request.basic_auth };
      return await fetch(lane.origin + path, { method: "POST", body: JSON.stringify(envelope), signal });
    } finally {
      lane.nBusy -= 1;
    }
  }

  /** The path of an address of the own account, else null. */
  ownPath(url) {
    if (!/^[a-z]+:\/\//i.test(url)) return url.startsWith("/") ? url : `/${url}`;
    const own = `https://${this.setup.subdomain}.zendesk.com`;
    if (url === own || url.startsWith(`${own}/`)) return url.slice(own.length) || "/";
    return null;
  }

  /** The sandbox's "DNS" for direct requests. SunCo sends no CORS headers, so the browser refuses anyway. */
  resolve(url) {
    return url.replace(/^https:\/\/api\.(eu-1\.)?smooch\.io(?=\/|$)/, this.setup.suncoOrigin);
  }

  outcome(request, response) {
    if (response.status === 0) {
      const text = response.reason === "timeout" ? "timeout" : "error";
      return { isDone: false, args: [{ readyState: 0, status: 0, statusText: text }, text, response.reason] };
    }
    const parsed = parse(request.dataType, response);
    const isSuccess = response.status < 400;
    const whole = { readyState: 4, status: response.status, responseText: response.text };
    if (parsed.json !== undefined) whole.responseJSON = parsed.json;
    if (isSuccess && parsed.isBroken) {
      whole.statusText = "parsererror";
      return { isDone: false, args: [whole, "parsererror", "Invalid JSON"] };
    }
    whole.statusText = isSuccess ? "success" : "error";
    if (isSuccess || this.faults().failed_responses === "resolve") {
      const value = request.httpCompleteResponse ? whole : parsed.json ?? response.text;
      return { isDone: true, args: [value] };
    }
    return { isDone: false, args: [whole, "error", response.reason] };
  }
}

/** jQuery's way from options to the wire: objects become forms, also in a GET's address. */
function jqueryWire(request, method) {
  let { url, data } = request;
  const headers = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name] = String(value);
  if (data !== undefined && data !== null && typeof data !== "string") {
    data = new URLSearchParams(data).toString();
  }
  if (method === "GET" || method === "HEAD") {
    if (data) url += (url.includes("?") ? "&" : "?") + data;
    return { url, headers, body: undefined };
  }
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  if (data !== undefined && data !== null && !hasType && request.contentType !== false) {
    headers["Content-Type"] = request.contentType ?? FORM;
  }
  return { url, headers, body: data ?? undefined };
}

/** JSON if it was asked for, or if the content type says so. */
function parse(dataType, { type, text }) {
  const wantsJson = dataType ? dataType.toLowerCase() === "json" : /\bjson\b/i.test(type);
  if (!wantsJson) return { isBroken: false };
  try {
    return { json: JSON.parse(text), isBroken: false };
  } catch {
    return { isBroken: text !== "" || dataType !== undefined };
  }
}
