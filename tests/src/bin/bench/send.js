// What the bench of sending does inside the app's frame: it is run once, before Continuar is pressed.
window.cxSend = (() => {
  /** Start, end, claims and entries of each write to a batch's journal. Room is made beforehand: it must not grow. */
  const log = new Float64Array(4 * 65536);
  let nWrites = 0;
  let pressedAt = 0;
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (value, ...rest) {
    if (this.name !== 'writes') return add.call(this, value, ...rest);
    const start = performance.now();
    const request = add.call(this, value, ...rest);
    const claims = value.text.split('\tclaimed\t').length - 1;
    const entries = value.text.split('\n').length - 1;
    this.transaction.addEventListener('complete', () => {
      if (4 * nWrites < log.length) log.set([start, performance.now(), claims, entries], 4 * nWrites);
      nWrites += 1;
    });
    return request;
  };

  // What the browser calls a long task is exact, but begins at 50 ms. Those of the page around the app are not the app's.
  const long = { own: 0, others: 0 };
  const keep = (list) => {
    for (const { name, duration } of list) {
      const whose = name.startsWith('cross-origin') ? 'others' : 'own';
      long[whose] = Math.max(long[whose], duration);
    }
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: 'longtask' });

  // Below that, a message that is sent again as soon as it arrives: between two arrivals is whatever else had its turn. It
  // keeps a core busy, so it looks now and then only.
  let gap = 0;
  const { port1, port2 } = new MessageChannel();
  let last = 0;
  let until = 0;
  port1.onmessage = () => {
    const now = performance.now();
    gap = Math.max(gap, now - last);
    last = now;
    if (now < until) port2.postMessage(null);
  };
  const look = () => {
    last = performance.now();
    until = last + 500;
    port2.postMessage(null);
  };
  const looking = setInterval(look, 5000);

  /** Presses a button after some time, so that the page can be hidden before. */
  const press = (button, ms) => {
    setTimeout(() => {
      pressedAt = performance.now();
      look();
      document.querySelector(button).click();
    }, ms);
  };

  const report = () => {
    clearInterval(looking);
    keep(observer.takeRecords());
    const writes = [];
    for (let at = 0; at < Math.min(4 * nWrites, log.length); at += 4) writes.push(Array.from(log.slice(at, at + 4)));
    return { pressed_at: pressedAt, writes, n_writes: nWrites, long: long.own, others_long: long.others, gap };
  };
  return { press, report };
})();
