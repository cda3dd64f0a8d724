// Reads and writes workbooks, aside from the page: a large one takes seconds, in which the page stays alive, and one that
// asks for too much memory ends this worker and nothing else. The page makes a worker for each workbook.
//
// In:  { open: bytes } | { read: index } | { write: csv, sheetName, textColumns }, with a port to answer to
// Out: { ok: result } | { error: code }, in the order of the questions

import start, { open, write } from "./spreadsheet.js";
import base64 from "./spreadsheet_bg.wasm.js";

/** More memory than this in use when the module dies means that it died of it. */
const MUCH_MEMORY = 2 ** 30;

let workbook;

/** The module, which comes as gzip in base64, because Zendesk serves no .wasm. */
const started = (async () => {
  const gzip = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const unpacked = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  return start({ module_or_path: module });
})();

function answer(question) {
  if (question.open) {
    workbook = open(question.open);
    return {
      names: workbook.sheet_names(),
      hidden: workbook.hidden(),
      rows: workbook.row_counts(),
      byDefault: workbook.default_sheet(),
    };
  }
  if (question.write) return write(question.write, question.sheetName, question.textColumns);
  return workbook.read(question.read);
}

/** Codes are thrown as strings; all else means that the module is missing or dead. */
function code(cause, exports) {
  if (typeof cause === "string") return cause;
  if (!exports) return "not-loaded";
  return exports.memory.buffer.byteLength > MUCH_MEMORY ? "too-large" : "damaged";
}

addEventListener("message", async ({ data, ports: [port] }) => {
  let exports;
  try {
    exports = await started;
    const ok = answer(data);
    port.postMessage({ ok }, ok instanceof Uint8Array ? [ok.buffer] : []);
  } catch (cause) {
    port.postMessage({ error: code(cause, exports) });
  }
});
