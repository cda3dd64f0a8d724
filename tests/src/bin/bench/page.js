// What the bench does inside the app's frame. It is run once for each page that is loaded, after PapaParse and
// libphonenumber-js; the functions give promises, and `start` keeps what became of the last one in `outcome`.
window.cxBench = (() => {
  // The rival's way to the same file: the app's own input forgets it.
  const input = document.createElement('input');
  input.type = 'file';
  input.id = 'bench-file';
  document.body.append(input);

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  /** The next measure of that name that the app makes. */
  const measured = (name) => {
    performance.clearMeasures(name);
    return new Promise((resolve) => {
      const observer = new PerformanceObserver((list) => {
        const [entry] = list.getEntriesByName(name);
        if (entry) {
          observer.disconnect();
          resolve(entry);
        }
      });
      observer.observe({ type: 'measure' });
    });
  };

  /**
   * Looks for what keeps the page from everything else, until the function that it returns is called.
   *
   * A message is sent again as soon as it arrives: between two arrivals is whatever else had its turn, as a rule one
   * task, now and then a frame as well. So the longest gap is never less than the longest task. What the browser
   * itself calls a long task is exact, but begins at 50 ms.
   */
  const watch = () => {
    const long = [];
    const keep = (list) => long.push(...list.map((entry) => entry.duration));
    const observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ type: 'longtask' });
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    let gap = 0;
    port1.onmessage = () => {
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    return async () => {
      // The measure ends as the frame begins; its drawing counts, too.
      await frame();
      await frame();
      port1.close();
      keep(observer.takeRecords());
      observer.disconnect();
      return { gap, long: Math.max(0, ...long) };
    };
  };

  /** From the press of `button` to the frame that the app says shows the answer. */
  const pressed = async (css, measure, isWatched) => {
    const button = document.querySelector(css);
    if (!button || button.disabled) throw new Error(`${css} cannot be pressed`);
    const answer = measured(measure);
    const end = isWatched ? watch() : async () => null;
    // A task of its own, as a press is: not the one that came from the driver.
    await new Promise((resolve) => setTimeout(resolve));
    const begin = performance.now();
    button.click();
    const { startTime, duration } = await answer;
    return { ms: startTime + duration - begin, tasks: await end() };
  };

  /** Read, split, and each phone parsed and validated; nothing else, and nothing is kept. */
  const rival = async () => {
    const { parsePhoneNumberFromString } = libphonenumber;
    const [file] = input.files;
    const begin = performance.now();
    const text = await file.text();
    const rows = Papa.parse(text, { delimiter: ';' }).data;
    let valid = 0;
    for (let row = 1; row < rows.length; row++) {
      if (parsePhoneNumberFromString(rows[row][0], 'MX')?.isValid()) valid++;
    }
    const ms = performance.now() - begin;
    // After the header, and before the empty row that a last line's end makes.
    return { ms, rows: rows.length - 2, valid };
  };

  const start = (what) => {
    bench.outcome = null;
    what().then(
      (value) => { bench.outcome = { value }; },
      (error) => { bench.outcome = { error: String(error) }; },
    );
  };

  /** The outcome, or null if it takes longer than a driver waits. */
  const wait = async () => {
    const deadline = performance.now() + 15_000;
    while (!bench.outcome && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return bench.outcome;
  };

  const bench = { outcome: null, measured, pressed, rival, start, wait };
  return bench;
})();
