// Puts the page together: Zendesk's workspace, the host of the app's SDK, and the sandbox's drawer.

import { Actions } from "./actions.js";
import { Data } from "./data.js";
import { Drawer, samplesPage, sessionPage } from "./drawer.js";
import { el } from "./dom.js";
import { Faults } from "./faults.js";
import { Frames } from "./frames.js";
import { Protocol } from "./protocol.js";
import { Requests } from "./request.js";
import { listen, read } from "./server.js";
import { WhatsApp } from "./whatsapp.js";
import { Workspace } from "./workspace.js";

const setup = await read("bootstrap");
const hostFaults = () => setup.hostFaults;
const frames = new Frames(setup);
const workspace = new Workspace(setup, frames);
const data = new Data(setup, frames);
const protocol = new Protocol({
  setup, frames, faults: hostFaults, data,
  actions: new Actions(setup, frames, workspace),
  request: new Requests(setup, hostFaults),
});
workspace.protocol = protocol;

function setColorScheme(scheme) {
  document.documentElement.dataset.scheme = scheme;
  protocol.emitAll("colorScheme.changed", scheme);
}

function emit({ event, data: message }) {
  if (event === "ticket.requester.id.changed") data.setRequester(message);
  if (event === "app.registered") protocol.registerAgain();
  else protocol.emitAll(event, message);
}

/** Only now does the app hear of settings that were changed meanwhile. */
async function reloadApps() {
  setup.metadata = (await read("bootstrap")).metadata;
  workspace.reloadApps();
}

const faults = new Faults(setup);
const drawer = new Drawer([
  { key: "whatsapp", label: "WhatsApp", root: new WhatsApp().root },
  { key: "samples", label: "Archivos", root: samplesPage() },
  { key: "faults", label: "Fallos", root: faults.root },
  { key: "session", label: "Sesión", root: sessionPage(setup, { onColorScheme: setColorScheme, onReload: reloadApps }) },
]);
document.documentElement.dataset.scheme = setup.session.color_scheme;
document.body.append(el("div.shell", {}, workspace.root, drawer.root));

listen((kind, data) => {
  if (kind === "emit") emit(data);
  if (kind === "host") {
    setup.hostFaults = data;
    faults.drawHost();
  }
});
workspace.openFromAddress();
