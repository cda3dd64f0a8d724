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

/** Waits so many milliseconds: { over, end }. `over` resolves after them, or as soon as `end` says that nobody waits any longer:
    the calls of a minute would all be held until their time is up. */
export function wait(ms) {
  if (worker === undefined) start();
  let end;
  const over = new Promise((resolve) => {
    if (worker === null) {
      const timer = setTimeout(resolve, ms);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
      return;
    }
    const id = (last += 1);
    waiting.set(id, { at: performance.now() + ms, resolve });
    worker.postMessage({ id, ms });
    end = () => {
      if (waiting.delete(id)) worker?.postMessage({ id });
      resolve();
    };
  });
  return { over, end };
}
