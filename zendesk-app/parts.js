// Loads the parts of the app's WebAssembly that travel by themselves, each when the app asks for it first. Parts use the
// main module's memory and functions. `cargo xtask` appends a line for each part, which names its modules' scripts in the
// order in which they have to be started:
//
// export const __wasm_split_load_PART = part("./part-SHARED.wasm.js", "./part-PART.wasm.js");

import { initSync } from "./app.js";

/** Modules that are started or on their way, by their scripts. */
const modules = new Map();
/** How often a script has failed. */
const failures = new Map();

/** The module in a script, which comes as gzip in base64, because Zendesk serves no .wasm. */
async function compiled(script) {
  const nFailures = failures.get(script) ?? 0;
  // Some browsers remember that an address has failed.
  const { default: base64 } = await import(nFailures ? `${script}?again=${nFailures}` : script);
  const gzip = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const unpacked = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}

async function started(script, needed) {
  const [module] = await Promise.all([compiled(script), ...needed]);
  // The app runs, so this only gives what its main module exports.
  return WebAssembly.instantiate(module, { __wasm_split: initSync() });
}

/** Starts a module after those that it needs. Never twice: that would write over what it has in memory. */
function start(script, needed) {
  let module = modules.get(script);
  if (!module) {
    module = started(script, needed);
    modules.set(script, module);
    module.catch(() => {
      failures.set(script, (failures.get(script) ?? 0) + 1);
      modules.delete(script);
    });
  }
  return module;
}

/** What the app calls to load a part: it is told by its function at `callback` whether the part is there. */
function part(...scripts) {
  return async (callback, data) => {
    let isThere = true;
    try {
      const needed = [];
      for (const script of scripts) needed.push(start(script, [...needed]));
      await Promise.all(needed);
    } catch (cause) {
      console.warn("A part of CXConnect did not arrive:", cause);
      isThere = false;
    }
    initSync().__indirect_function_table.get(callback)(data, isThere);
  };
}
