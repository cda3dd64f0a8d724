// The page's clock: gives each number back after its time, unless it hears first that nobody waits for it.
//
// In:  { id, ms }, or { id } to forget it
// Out: id

const timers = new Map();

function begin(id, ms) {
  const ring = () => {
    timers.delete(id);
    postMessage(id);
  };
  timers.set(id, setTimeout(ring, ms));
}

function forget(id) {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

addEventListener("message", ({ data: { id, ms } }) => (ms === undefined ? forget(id) : begin(id, ms)));
