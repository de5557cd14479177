"use strict";
// The header editor's Authorization goes with every request, and into connection_init of every websocket.
const socket = location.origin.replace(/^http/, "ws") + location.pathname;
const welcome = `# Tijori's API. Sign in, then put the token into the Headers tab below:
#   { "Authorization": "Bearer …" }

mutation SignIn {
  signIn(phone: "+91…", password: "…") {
    ... on SignedIn { token }
    ... on Refusal { message }
  }
}
`;

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: location.pathname, subscriptionUrl: socket }),
    defaultEditorToolsVisibility: "headers",
    defaultHeaders: '{ "Authorization": "Bearer " }',
    defaultQuery: welcome,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
