// A provider of sign-ins for tests: a certified implementation with accounts of nobody.
// people_provider.mjs FOLDER PORT REDIRECT: FOLDER holds the library.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port, redirect] = process.argv.slice(2);
const find = createRequire(join(folder, "package.json"));
const { default: Provider } = await import(pathToFileURL(find.resolve("oidc-provider")));

const accounts = {
  "holder-a": { sohoa_role: "holder", sohoa_holder: "099093000001" },
  officer: { sohoa_role: "officer", sohoa_office: "H55.242" },
  supervisor: { sohoa_role: "supervisor", sohoa_office: "H55" },
  stranger: {},
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "kho", client_secret: "of this test alone", redirect_uris: [redirect] }],
  claims: { openid: ["sub", "sohoa_role", "sohoa_office", "sohoa_holder"] },
  // The token itself says who it is, so that nothing else is to be asked.
  conformIdTokenClaims: false,
  // An agency's own provider does not ask people whether its own centre may know them.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
