using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "bare", worker = .bare), (name = "disk", disk = (writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bare")],
);
const bare :Workerd.Worker = (
  modules = [(name = "bare.js", esModule = embed "bare.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Account", uniqueKey = "bare", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "ACCOUNT", durableObjectNamespace = "Account")],
);
