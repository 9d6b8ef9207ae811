"use strict";
const element = (id) => document.getElementById(id);
let token = null;

const EXAMPLES = {
  "My organizations and their roles": `{
  viewer {
    organizations {
      nodes {
        id
        name
        roleConfigurations {
          totalCount
          nodes { id title score { value low high } }
        }
      }
    }
  }
}`,
  "A canonical role with its tasks": `{
  canonicalRole(key: "rolemark:backend-engineer") {
    title
    score { value low high stageMix { stage count timeShare } }
    tasks { title stage quadrant rationale }
  }
}`,
  "Backend + DevOps = Platform Engineer": `{
  simulateRoleCombination(input: {
    roles: [
      { canonicalRoleKey: "rolemark:backend-engineer" }
      { canonicalRoleKey: "rolemark:devops-engineer" }
    ]
  }) {
    outcome {
      gainPercent gainFromAi gainFromMerging
      interval { lower upper }
      waterfall { startingFte duplicatesRemoved coordinationRemoved aiSaved breadthCost endingFte }
    }
    userErrors { message field }
  }
}`,
};

async function send(query, variables) {
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const started = performance.now();
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const body = await response.json();
  return { body, status: response.status, milliseconds: Math.round(performance.now() - started) };
}

element("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const mutation = "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { message } } }";
  const input = { email: element("email").value, password: element("password").value };
  try {
    const { body } = await send(mutation, { input });
    const session = body.data?.signIn?.session;
    token = session?.accessToken ?? null;
    const error = body.data?.signIn?.userErrors?.[0]?.message ?? body.errors?.[0]?.message;
    element("who").textContent = token ? `Signed in as ${input.email} for 15 minutes` : error;
    element("password").value = "";
  } catch {
    element("who").textContent = "The server does not answer.";
  }
});

async function run() {
  element("status").textContent = "Running …";
  try {
    const text = element("variables").value.trim();
    const variables = text ? JSON.parse(text) : undefined;
    const { body, status, milliseconds } = await send(element("query").value, variables);
    element("status").textContent = `HTTP ${status}, ${milliseconds} ms`;
    element("answer").textContent = JSON.stringify(body, null, 2);
  } catch (error) {
    const isJson = error instanceof SyntaxError;
    element("status").textContent = isJson ? "The variables are not JSON." : "The server does not answer.";
  }
}

element("run").addEventListener("submit", (event) => { event.preventDefault(); run(); });
element("run").addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); run(); }
});

for (const name of Object.keys(EXAMPLES)) element("example").add(new Option(name));
const show = () => { element("query").value = EXAMPLES[element("example").value]; };
element("example").addEventListener("change", show);
show();
