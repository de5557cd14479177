// Arguments: the address of a server, and an API token or nothing. Prints what each audit of graphql-http found.
import { auditServer } from "graphql-http";

const [url, token] = process.argv.slice(2);
const authorization = token ? { authorization: `Bearer ${token}` } : {};
const results = await auditServer({
  url,
  fetchFn: (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...authorization } }),
});
for (const { id, name, status, reason } of results) console.log(JSON.stringify({ id, name, status, reason }));
