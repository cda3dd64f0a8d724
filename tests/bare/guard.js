import * as bare from "./index.js";
export const Account = bare.Account;
export default { fetch: (request, env, ctx) => bare.fetch(request, env, ctx) };
