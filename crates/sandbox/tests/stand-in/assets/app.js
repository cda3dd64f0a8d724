// A tiny app in the product's place: it talks to the host with the SDK and shows what came back.
const log = (label, value) => {
  document.getElementById("log").textContent += `${label}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`;
};
const client = ZAFClient.init();
let settings;

function send(phone, names) {
  return client.request({
    url: `https://api.smooch.io/v1.1/apps/${settings.sunco_app_id}/notifications`,
    type: "POST", contentType: "application/json", secure: true, autoRetry: false, httpCompleteResponse: true,
    headers: { Authorization: "Basic {{basic_auth.token}}" },
    basic_auth: { username: settings.sunco_key_id, password: "{{setting.sunco_secret}}" },
    data: JSON.stringify({
      destination: { integrationId: "65a1f0c2e4b0a1d2c3e4f501", destinationId: phone },
      author: { role: "appMaker" }, messageSchema: "whatsapp",
      message: { type: "template", template: {
        name: "recordatorio_cita", language: { policy: "deterministic", code: "es_MX" },
        components: [{ type: "body", parameters: names.map((text) => ({ type: "text", text })) }] } },
    }),
  });
}

client.on("app.registered", async ({ context, metadata }) => {
  settings = metadata.settings;
  log("registered", `${context.location} ${metadata.name}`);
  log("settings", Object.keys(settings).sort().join(" "));
  const found = await client.get(["currentUser", "colorScheme", "nope"]);
  log("user", `${found.currentUser.role} ${found.currentUser.locale} ${found.colorScheme}`);
  log("errors", found.errors);
  if (context.location === "ticket_sidebar") {
    const { "ticket.requester": requester } = await client.get("ticket.requester");
    log("requester", requester.identities.map((it) => `${it.type}=${it.value}`).join(" "));
  }
  await client.invoke("resize", { width: "100%", height: "320px" });
  const me = await client.request("/api/v2/users/me.json");
  log("me", me.user.email);
});
for (const event of ["app.activated", "app.deactivated", "pane.activated", "pane.deactivated", "colorScheme.changed"]) {
  client.on(event, (data) => log(event, data ?? ""));
}

document.getElementById("send").onclick = async () => {
  for (const [phone, ...names] of [["+525512345678", "Ana Muñoz", "lunes 14"], ["+525587654321", "José *Núñez* <b>", "martes"], ["+525555500400", "x", "y"]]) {
    await send(phone, names).then(
      (response) => log("sent", response.responseJSON), (error) => log("failed", error));
  }
};
document.getElementById("toast").onclick = () => client.invoke("notify", "Aviso de prueba <b>", "notice");
document.getElementById("modal").onclick = async () => {
  const made = await client.invoke("instances.create", { location: "modal", url: "assets/iframe.html", size: { width: "450px", height: "300px" } });
  const { instanceGuid } = made["instances.create"][0];
  client.instance(instanceGuid).on("modal.close", () => log("modal", "closed"));
};
