// Starts CXConnect: waits for Zendesk's SDK and for the handshake with Zendesk, loads the WebAssembly, and shows
// what to do if any of that fails or if the app crashes later. Everything else is the app's.
//
// What the app finds: globalThis.cxconnect = { client, registered: { metadata, context }, crashed(message), spreadsheet,
// phones, journal, wait }, phones being the table of phone numbers, journal and wait what journal.js and clock.js export,
// and the attributes lang and data-color-scheme ("light" or "dark") on the page's root element.

(() => {
  "use strict";

  const PATIENCE_MS = 15_000;
  const TEXTS = {
    es: {
      loading: "Cargando CXConnect…",
      todo: "Qué puede hacer",
      detail: "Detalle técnico",
      reload: "Volver a cargar",
      sdk: {
        title: "No se pudo conectar con Zendesk",
        what: "El componente de Zendesk que necesita CXConnect (static.zdassets.com) no se pudo descargar.",
        todo: [
          "Compruebe su conexión y vuelva a cargar la aplicación.",
          "Si usa un bloqueador de contenido o un proxy, permita static.zdassets.com.",
          "Si continúa, consulte status.zendesk.com.",
        ],
      },
      outside: {
        title: "CXConnect se abre desde Zendesk",
        what: "Esta página se abrió fuera de Zendesk y no puede funcionar sola.",
        todo: ["Entre a su Zendesk y abra CXConnect en la barra de navegación izquierda."],
      },
      handshake: {
        title: "Zendesk no responde",
        what: "CXConnect se cargó, pero Zendesk no contestó en 15 segundos.",
        todo: [
          "Espere un momento: si Zendesk contesta, la aplicación continúa sola.",
          "Vuelva a cargar la página completa de Zendesk (F5).",
        ],
      },
      files: {
        title: "CXConnect no se descargó completo",
        what: "Uno de los archivos de la aplicación no llegó.",
        todo: [
          "Compruebe su conexión y vuelva a cargar la aplicación.",
          "Si continúa, pida a su administrador que instale de nuevo la aplicación.",
        ],
      },
      wasm: {
        title: "Este navegador no puede ejecutar CXConnect",
        what: "CXConnect necesita WebAssembly y DecompressionStream, y este navegador no los tiene o los tiene desactivados.",
        todo: [
          "Actualice su navegador: Chrome o Edge 103, Firefox 113, Safari 16.4 o más recientes.",
          "Si su empresa desactiva WebAssembly, pida a su administrador que lo permita para Zendesk.",
        ],
      },
      csp: {
        title: "Una regla de seguridad impide iniciar CXConnect",
        what: "La política de seguridad de la página (Content-Security-Policy) no permite WebAssembly.",
        todo: ["Pida a su administrador que permita 'wasm-unsafe-eval' para esta aplicación."],
      },
      start: {
        title: "CXConnect no pudo iniciar",
        what: "La aplicación se descargó, pero falló al iniciar. No se envió ningún mensaje.",
        todo: [
          "Vuelva a cargar la aplicación.",
          "Si continúa, comparta el detalle técnico con su administrador.",
        ],
      },
      crashed: {
        title: "CXConnect se detuvo",
        what:
          "Ocurrió un error interno y la aplicación no puede continuar. " +
          "Ningún mensaje se vuelve a enviar por sí solo.",
        todo: [
          "Vuelva a cargar la aplicación.",
          "Si había un envío en curso, CXConnect lo muestra al volver a cargar: qué salió, qué quedó en duda y qué falta.",
          "Si continúa, comparta el detalle técnico con su administrador.",
        ],
      },
    },
    en: {
      loading: "Loading CXConnect…",
      todo: "What you can do",
      detail: "Technical detail",
      reload: "Reload",
      sdk: {
        title: "Zendesk could not be reached",
        what: "The part of Zendesk that CXConnect needs (static.zdassets.com) could not be downloaded.",
        todo: [
          "Check your connection and reload the app.",
          "If you use a content blocker or a proxy, allow static.zdassets.com.",
          "If it goes on, look at status.zendesk.com.",
        ],
      },
      outside: {
        title: "CXConnect opens inside Zendesk",
        what: "This page was opened outside Zendesk and cannot work on its own.",
        todo: ["Go to your Zendesk and open CXConnect in the left navigation bar."],
      },
      handshake: {
        title: "Zendesk does not answer",
        what: "CXConnect is loaded, but Zendesk did not answer within 15 seconds.",
        todo: [
          "Wait a moment: if Zendesk answers, the app goes on by itself.",
          "Reload the whole Zendesk page (F5).",
        ],
      },
      files: {
        title: "CXConnect did not download completely",
        what: "One of the app's files did not arrive.",
        todo: [
          "Check your connection and reload the app.",
          "If it goes on, ask your administrator to install the app again.",
        ],
      },
      wasm: {
        title: "This browser cannot run CXConnect",
        what: "CXConnect needs WebAssembly and DecompressionStream, and this browser lacks them or has them switched off.",
        todo: [
          "Update your browser: Chrome or Edge 103, Firefox 113, Safari 16.4 or newer.",
          "If your company switches WebAssembly off, ask your administrator to allow it for Zendesk.",
        ],
      },
      csp: {
        title: "A security rule keeps CXConnect from starting",
        what: "The page's security policy (Content-Security-Policy) does not allow WebAssembly.",
        todo: ["Ask your administrator to allow 'wasm-unsafe-eval' for this app."],
      },
      start: {
        title: "CXConnect could not start",
        what: "The app was downloaded but failed to start. No message was sent.",
        todo: ["Reload the app.", "If it goes on, give the technical detail to your administrator."],
      },
      crashed: {
        title: "CXConnect stopped",
        what:
          "An internal error happened and the app cannot go on. " +
          "No message is sent again by itself.",
        todo: [
          "Reload the app.",
          "If a sending was under way, CXConnect shows it after reloading: what has left, what is in doubt and what is to go.",
          "If it goes on, give the technical detail to your administrator.",
        ],
      },
    },
  };

  const root = document.documentElement;
  const boot = document.getElementById("boot");
  const loading = boot.firstElementChild;
  const query = new URLSearchParams(location.search);

  const lang = navigator.language.toLowerCase().startsWith("en") ? "en" : "es";
  const texts = TEXTS[lang];
  root.lang = lang;
  document.getElementById("boot-text").textContent = texts.loading;
  root.dataset.colorScheme =
    query.get("colorScheme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  /** An error that knows its screen. */
  class Failure extends Error {
    constructor(screen, cause) {
      super(String(cause?.message ?? cause), { cause });
      this.screen = screen;
    }
  }

  /** Runs `step`; if it fails, it is with the given screen. */
  async function or(screen, step) {
    try {
      return await step();
    } catch (cause) {
      throw cause instanceof Failure ? cause : new Failure(screen, cause);
    }
  }

  const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // --- What has to arrive ---------------------------------------------------------------------------------------

  /** Resolves when the SDK's script, which comes after this one, has run. */
  function sdk() {
    return new Promise((resolve, reject) => {
      const settle = (event) => {
        if (event.target.id !== "zaf-sdk") return;
        if (globalThis.ZAFClient) resolve();
        else reject(new Failure("sdk", event.type === "load" ? "no ZAFClient in zaf_sdk" : "zaf_sdk not loaded"));
      };
      // These events do not bubble, and "load" is not seen by window.
      document.addEventListener("load", settle, true);
      document.addEventListener("error", settle, true);
      later(PATIENCE_MS).then(() => reject(new Failure("sdk", "zaf_sdk: no answer")));
    });
  }

  /** What a script holds as gzip in base64, because Zendesk serves no such files. */
  function unpacked(base64) {
    const gzip = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const stream = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }

  /** The compiled app, not started yet, and the parts of the page that it works with. */
  async function app() {
    if (!globalThis.WebAssembly || !globalThis.DecompressionStream) {
      throw new Failure("wasm", "no WebAssembly or no DecompressionStream");
    }
    const [{ default: start }, { default: wasm }, { default: numbers }, journal, { wait }] = await or("files", () =>
      Promise.all(["app", "app_bg.wasm", "phones", "journal", "clock"].map((name) => import(`./${name}.js`))),
    );
    const [bytes, phones] = await or("files", () => Promise.all([unpacked(wasm), unpacked(numbers)]));
    try {
      const module = await WebAssembly.compile(bytes);
      return { start, module, parts: { phones: new Uint8Array(phones), journal, wait } };
    } catch (cause) {
      const forbidden = /content security policy|unsafe-eval|csp/i.test(cause.message);
      throw new Failure(forbidden ? "csp" : "wasm", cause);
    }
  }

  /** Zendesk's side of the handshake. Only its first answer counts: "Reload all apps" gives further ones. */
  function registered(client) {
    return new Promise((resolve) => client.on("app.registered", resolve));
  }

  /** Resolves when the app has drawn something into its place. */
  function drawn() {
    const place = document.getElementById("app");
    return new Promise((resolve) => {
      if (place.firstChild) resolve();
      else new MutationObserver(() => resolve()).observe(place, { childList: true });
    });
  }

  // --- The screens ----------------------------------------------------------------------------------------------

  let hasCrashed = false;

  function element(name, className, ...content) {
    const node = document.createElement(name);
    node.className = className;
    node.append(...content);
    return node;
  }

  /** Shows a failure in place of everything else. All of it is text; nothing is read as HTML. */
  function show(screen, message) {
    const { title, what, todo } = texts[screen];
    const version = globalThis.cxconnect?.registered?.metadata?.version ?? "?";
    const detail = [`${screen}: ${message}`, `CXConnect ${version}`, navigator.userAgent, new Date().toISOString()];

    const heading = element("h1", "boot-title", title);
    heading.tabIndex = -1;
    const reload = element("button", "boot-reload", texts.reload);
    reload.type = "button";
    reload.addEventListener("click", () => location.reload());
    const card = element(
      "main",
      "boot-card",
      heading,
      element("p", "boot-what", what),
      element("h2", "boot-todo", texts.todo),
      element("ul", "boot-list", ...todo.map((line) => element("li", "", line))),
      reload,
      element(
        "details",
        "boot-detail",
        element("summary", "", texts.detail),
        element("pre", "", detail.join("\n")),
      ),
    );
    card.dataset.screen = screen;
    card.setAttribute("role", "alert");

    boot.replaceChildren(card);
    // The SDK empties the page if it is in a frame it does not trust.
    if (!boot.isConnected) document.body.append(boot);
    root.dataset.boot = "failed";
    heading.focus();
  }

  /** Called by the app's panic hook, and below for what kills WebAssembly without a panic. */
  function crashed(message) {
    if (hasCrashed) return;
    hasCrashed = true;
    console.error("CXConnect crashed:", message);
    // Timers and answers may still wake parts of the dead app: nothing may leave any more.
    const { client } = globalThis.cxconnect ?? {};
    if (client) client.request = () => new Promise(() => {});
    show("crashed", message);
  }

  /** Whether `error` means that the app's WebAssembly is dead. Other errors are left to the console. */
  const kills = (error) => globalThis.WebAssembly && error instanceof WebAssembly.RuntimeError;

  addEventListener("error", (event) => {
    if (kills(event.error)) crashed(event.message);
  });
  addEventListener("unhandledrejection", (event) => {
    const { reason } = event;
    if (kills(reason)) crashed(reason.message);
    // The SDK's own bookkeeping of clicks, unanswered by some hosts.
    else if (reason?.message === "Invocation request timeout") event.preventDefault();
  });

  // --- Workbooks ------------------------------------------------------------------------------------------------

  /** Asks a worker. Resolves with its answer or rejects with the code of what is wrong. */
  function ask(worker, question, ...bytes) {
    return new Promise((resolve, reject) => {
      // A port for each question, so that its answer can't be taken for another's.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data: { ok, error } }) => (error ? reject(error) : resolve(ok));
      // Its scripts did not arrive; whatever happens later, it answers.
      worker.onerror = () => reject("not-loaded");
      // The bytes are handed over, not copied.
      worker.postMessage(question, [port2, ...bytes.map(({ buffer }) => buffer)]);
    });
  }

  /** Reading and writing of workbooks: a second WebAssembly module, which is fetched when it is needed first. */
  const spreadsheet = {
    worker: () => new Worker("./spreadsheet-worker.js", { type: "module" }),

    /** The sheets' names, rows, whether they are hidden, which is the default, and read(index). Has to be closed. */
    async open(bytes) {
      const worker = spreadsheet.worker();
      try {
        const sheets = await ask(worker, { open: bytes }, bytes);
        return { ...sheets, read: (index) => ask(worker, { read: index }), close: () => worker.terminate() };
      } catch (code) {
        worker.terminate();
        throw code;
      }
    },

    /** CSV as XLSX. */
    async write(csv, sheetName) {
      const worker = spreadsheet.worker();
      return ask(worker, { write: csv, sheetName }, csv).finally(() => worker.terminate());
    },
  };

  // --- The start ------------------------------------------------------------------------------------------------

  async function run() {
    // Downloaded and compiled while Zendesk shakes hands. Its failure is reported when its turn comes.
    const loaded = app();
    loaded.catch(() => {});

    await sdk();
    const client = await or("sdk", () => globalThis.ZAFClient.init());
    if (!client) throw new Failure("outside", "ZAFClient.init() returned false");

    const handshake = registered(client);
    let isRegistered = false;
    later(PATIENCE_MS).then(() => {
      if (!isRegistered) show("handshake", "no app.registered");
    });
    const { metadata, context } = await handshake;
    isRegistered = true;

    globalThis.cxconnect = { client, registered: { metadata, context }, crashed, spreadsheet };
    if (root.dataset.boot === "failed") {
      // Zendesk answered late.
      delete root.dataset.boot;
      boot.replaceChildren(loading);
    }

    const { start, module, parts } = await loaded;
    Object.assign(globalThis.cxconnect, parts);
    await or("start", () => start({ module_or_path: module }));
    await drawn();
    if (!hasCrashed) root.dataset.boot = "done";
  }

  run().catch((failure) => {
    console.error(failure);
    if (!hasCrashed) show(failure.screen ?? "start", failure.message);
  });
})();
