// The page's talk with the sandbox's own server, `/sandbox/…`.

/** Reads JSON. */
export async function read(path) {
  const response = await fetch(`/sandbox/${path}`);
  return response.json();
}

/** Sends JSON; resolves with whether the server agreed. */
export async function send(method, path, body) {
  const response = await fetch(`/sandbox/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return response.ok;
}

/** Calls `act(kind, data)` for each piece of news, and confirms it afterwards. */
export function listen(act) {
  const source = new EventSource("/sandbox/events");
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    act(news.kind, news.data);
    send("POST", "events/heard", { number: news.number });
  };
}
