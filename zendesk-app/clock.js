// Waiting that goes on in hidden tabs, where a page's own timers are slowed to one a second and later to one a minute: a
// worker's are not.

let worker;
let last = 0;
const waiting = new Map();

/** Calls all that wait by the page's own timers, for want of a worker. */
function fallBack() {
  worker = null;
  for (const [id, { at, resolve }] of waiting) {
    waiting.delete(id);
    setTimeout(resolve, at - performance.now());
  }
}

function start() {
  try {
    worker = new Worker("./clock-worker.js");
    worker.onmessage = ({ data }) => {
      waiting.get(data)?.resolve();
      waiting.delete(data);
    };
    worker.onerror = fallBack;
  } catch {
    worker = null;
  }
}

/** Resolves after so many milliseconds. */
export function after(ms) {
  if (worker === undefined) start();
  return new Promise((resolve) => {
    if (worker === null) {
      setTimeout(resolve, ms);
      return;
    }
    last += 1;
    waiting.set(last, { at: performance.now() + ms, resolve });
    worker.postMessage({ id: last, ms });
  });
}
