// Asks the console's server.

const PATIENCE_MS = 15_000;

// The program answered, but not with what was asked for.
export class Refused extends Error {}

// The program behind the console does not answer any more.
export class Gone extends Error {}

export async function ask(view, options = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== "" && value !== undefined && value !== null) {
      query.set(name, value);
    }
  }
  const text = query.toString().replaceAll("+", "%20");
  return answer(await fetch(`/api/${view}${text ? `?${text}` : ""}`, limited({}, signal)));
}

export async function cancel(loop, task, reason) {
  const body = new URLSearchParams({ loop, task, reason });
  return answer(await fetch("/api/cancel", limited({ method: "POST", body })));
}

function limited(request, signal) {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  return { ...request, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
}

async function answer(response) {
  const json = await response.json();
  if (response.ok) {
    return json;
  }
  if (json.gone) {
    throw new Gone(json.error);
  }
  if (response.status === 403 && response.url.includes("/api/cancel") === false) {
    throw new Gone(
      "Another program has taken its place, or this page's token is no longer valid. Open the address that the program printed.",
    );
  }
  throw new Refused(json.error);
}
