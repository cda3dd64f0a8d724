// What a Durable Object costs that does nothing but keep a request: the relay is measured beside it.
export class Account {
  constructor(ctx) {
    this.sql = ctx.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS request (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }
  async fetch(request) {
    this.sql.exec("INSERT INTO request (body) VALUES (?)", await request.text());
    return new Response(null, { status: 202 });
  }
}
export default {
  fetch(request, env) {
    return env.ACCOUNT.get(env.ACCOUNT.idFromName("one")).fetch(request);
  },
};
