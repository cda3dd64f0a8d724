# The relay on one's own machine: workerd behind a proxy that speaks TLS (docs/relay.md).
#
#   workerd serve workerd.capnp --directory-path disk=/var/lib/cxconnect-relay
#
# ACCOUNTS has to be set: workerd ends a call that asks for a variable that isn't.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "relay", worker = .relay),
    (name = "disk", disk = (writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "relay")],
);

const relay :Workerd.Worker = (
  modules = [
    (name = "relay.js", esModule = embed "relay.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
  ],
  compatibilityDate = "2026-10-01",
  # Names the folder of the data and makes the objects' ids: never to be changed.
  durableObjectNamespaces = [(className = "Account", uniqueKey = "cxconnect-account-v1", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ACCOUNT", durableObjectNamespace = "Account"),
    (name = "ACCOUNTS", fromEnvironment = "ACCOUNTS"),
  ],
);
