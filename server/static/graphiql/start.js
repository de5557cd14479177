"use strict";
// Whoever has signed in on the page asks by that session, over websockets too; the Headers tab may name another token.
const token = globalThis.tijoriToken;
delete globalThis.tijoriToken;
const authorization = token ? { Authorization: `Bearer ${token}` } : {};
const socket = location.origin.replace(/^http/, "ws") + location.pathname;
const welcome = token
  ? `# Tijori's API, asked in your name.
# This page's session ends when you leave it.

query Wallets {
  viewer { name role }
  wallets(first: 5) {
    edges {
      node { id balance { total available } }
    }
  }
}
`
  : `# Tijori's API. Sign in, then put the token
# into the Headers tab below:
#   { "Authorization": "Bearer …" }

mutation SignIn {
  signIn(phone: "+91…", password: "…") {
    ... on SignedIn { token }
    ... on Refusal { message }
  }
}
`;

function fetcher(request, options) {
  const headers = { ...authorization, ...options?.headers };
  const send = GraphiQL.createFetcher({ url: location.pathname, subscriptionUrl: socket, wsConnectionParams: headers });
  return send(request, { ...options, headers });
}

ReactDOM.createRoot(document.getElementById("explorer")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultEditorToolsVisibility: token ? false : "headers",
    defaultHeaders: token ? undefined : '{ "Authorization": "Bearer " }',
    defaultQuery: welcome,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
