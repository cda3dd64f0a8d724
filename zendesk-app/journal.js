// What the browser keeps of this agent's batches: IndexedDB, one database for each account and agent. And who of the
// browser's pages owns a batch: Web Locks.
//
// A batch is its head, the chunks of its rows, and the writes of its journal, in their order. It exists once its head is
// there; until then its chunks may be incomplete. A write is only ever added and never replaced, so that of two owners who
// write at the same place one fails.
//
// Everything that fails rejects with a code: "denied" (the browser lets nothing be kept), "slow" (the database doesn't open in
// time, and may the next time), "taken" (another owner has written there) or "failed".

const VERSION = 1;
/** A batch that has no head after this long never will. */
const UNFINISHED_MS = 24 * 60 * 60 * 1000;
/** A database that doesn't open in this time is not waited for any longer: it is opened anew when it is needed next. */
const PATIENCE_MS = 3_000;
/** A write that takes longer has failed: a batch must not wait for ever. Should it be kept after all, its place is taken, and
    the page that wrote it looks on. */
const WRITE_MS = 15_000;

const code = (error) => (error?.name === "ConstraintError" ? "taken" : "failed");

/** All that belongs to one batch in a store whose keys are [id, number], from a number on. */
const of = (id, from = 0) => IDBKeyRange.bound([id, from], [id, Infinity]);

function opened(name) {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const denied = () => reject("denied");
    setTimeout(() => {
      isLate = true;
      reject("slow");
    }, PATIENCE_MS);
    try {
      // Where storage is blocked, merely naming it throws.
      const request = globalThis.indexedDB.open(name, VERSION);
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore("batches", { keyPath: "id" });
        db.createObjectStore("chunks", { keyPath: ["id", "n"] });
        db.createObjectStore("writes", { keyPath: ["id", "write"] });
      };
      // Nobody waits for a late one, and left open it would stand in the way of a newer version.
      request.onsuccess = () => (isLate ? request.result.close() : resolve(request.result));
      request.onerror = denied;
    } catch {
      denied();
    }
  });
}

class Journal {
  #name;
  #db;

  constructor(name) {
    this.#name = name;
  }

  /** The database, opened anew if the browser has closed it. */
  async #open() {
    if (!this.#db) {
      const db = await opened(this.#name);
      const forget = () => {
        if (this.#db === db) this.#db = undefined;
      };
      // Another tab has a newer version of the app, and needs this one out of the way.
      db.onversionchange = () => {
        forget();
        db.close();
      };
      db.onclose = forget;
      this.#db = db;
    }
    return this.#db;
  }

  /** Does something in one transaction; resolves with what `work` returns a request for, once all of it is kept. */
  async #run(mode, stores, work) {
    const db = await this.#open();
    return new Promise((resolve, reject) => {
      let cause;
      try {
        const transaction = db.transaction(stores, mode, { durability: "strict" });
        transaction.onabort = () => reject(code(cause ?? transaction.error));
        transaction.onerror = (event) => (cause ??= event.target.error);
        const result = work(...stores.map((name) => transaction.objectStore(name)), transaction);
        transaction.oncomplete = () => resolve(result?.result);
      } catch (error) {
        reject(code(error));
      }
    });
  }

  /** Sees whether the browser keeps anything. */
  async check() {
    await this.#open();
  }

  /** Begins to keep a batch. */
  begin(id, created) {
    return this.#run("readwrite", ["batches"], (batches) => batches.add({ id, created }));
  }

  /** Keeps some of its chunks, the first of which has the number `from`. */
  chunks(id, from, texts) {
    return this.#run("readwrite", ["chunks"], (chunks) => {
      texts.forEach((text, place) => chunks.add({ id, n: from + place, text }));
    });
  }

  /** Its head: now it exists. */
  commit(id, created, head) {
    return this.#run("readwrite", ["batches"], (batches) => batches.put({ id, created, head }));
  }

  /** Adds a write to its journal. What it follows has to be there. */
  append(id, write, text) {
    const kept = this.#run("readwrite", ["batches", "writes"], (batches, writes, transaction) => {
      const before = write === 0 ? batches.getKey(id) : writes.getKey([id, write - 1]);
      before.onsuccess = () => {
        if (before.result === undefined) transaction.abort();
      };
      writes.add({ id, write, text });
    });
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(reject, WRITE_MS, "failed")));
    return Promise.race([kept, late]).finally(() => clearTimeout(timer));
  }

  /** Notes how a batch stands, so that a list of batches need not read their journals. */
  summarize(id, summary) {
    return this.#run("readwrite", ["batches"], (batches) => {
      const record = batches.get(id);
      record.onsuccess = () => record.result && batches.put({ ...record.result, summary });
    });
  }

  /** This browser's name, made the first time. It is kept as durably as the batches are: whoever finds another name in the
      team's record than its own must be able to trust that it is another computer's. */
  async browser() {
    const fresh = { id: "browser", created: Infinity, name: crypto.randomUUID() };
    const known = await this.#run("readwrite", ["batches"], (batches) => {
      const request = batches.get(fresh.id);
      request.onsuccess = () => request.result || batches.put(fresh);
      return request;
    });
    return (known ?? fresh).name;
  }

  /** The batches that exist, the newest first: { id, created, head, summary, nWrites }. */
  async list() {
    const all = await this.#run("readonly", ["batches", "writes"], (batches, writes) => {
      const records = batches.getAll();
      records.onsuccess = () => {
        for (const record of records.result) {
          const count = writes.count(of(record.id));
          count.onsuccess = () => (record.nWrites = count.result);
        }
      };
      return records;
    });
    const isStale = ({ head, created }) => !head && created < Date.now() - UNFINISHED_MS;
    const stale = all.filter(isStale).map(({ id }) => id);
    if (stale.length) await this.remove(stale);
    return all.filter(({ head }) => head).sort((one, other) => other.created - one.created);
  }

  /** A batch's chunks, as texts. */
  async load(id) {
    const records = await this.#run("readonly", ["chunks"], (chunks) => chunks.getAll(of(id)));
    return records.map(({ text }) => text);
  }

  /** The writes of its journal from a number on, as texts. */
  async writes(id, from) {
    const records = await this.#run("readonly", ["writes"], (writes) => writes.getAll(of(id, from)));
    return records.map(({ text }) => text);
  }

  /** Forgets batches. */
  remove(ids) {
    return this.#run("readwrite", ["batches", "chunks", "writes"], (batches, chunks, writes) => {
      for (const id of ids) {
        batches.delete(id);
        chunks.delete(of(id));
        writes.delete(of(id));
      }
    });
  }
}

/** Opens an account's and agent's database; rejects with "denied" where the browser keeps nothing, with "slow" where it takes too
    long. */
export async function open(name) {
  const journal = new Journal(name);
  await journal.check();
  return journal;
}

// --- One owner ------------------------------------------------------------------------------------------------------

/** Takes a lock if no other page of this browser has it: resolves with what gives it back, or with undefined. The browser
    takes it back from a page that is gone. */
export function take(name) {
  return new Promise((resolve) => {
    // Without locks the journal itself still lets only one owner write.
    if (!navigator.locks) return resolve(() => {});
    const held = (lock) => (lock ? new Promise((release) => resolve(release)) : resolve());
    navigator.locks.request(name, { ifAvailable: true }, held).catch(() => resolve());
  });
}

/** The names of all locks that pages of this browser have. */
export async function held() {
  const state = await navigator.locks?.query();
  return (state?.held ?? []).map(({ name }) => name);
}

// --- The same content ------------------------------------------------------------------------------------------------

/** SHA-256 of a text, in hexadecimal digits. */
export async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- Packing -------------------------------------------------------------------------------------------------------------

/** A text's gzip, as base64. */
export async function pack(text) {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
