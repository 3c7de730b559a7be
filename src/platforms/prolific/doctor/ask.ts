import { basename } from "node:path";
import type { Examination } from "../../doctor.ts";
import { PlatformFailure } from "../../ports.ts";
import { currencyIn, errorText, fieldsOf, jsonOf, listOf, textIn, wholeMinor } from "../answers.ts";
import { prolificClient } from "../client.ts";
import type { ProlificClient } from "../client.ts";
import { endpointOf, tokenIn } from "../connect.ts";
import { NoAnswer } from "../errors.ts";
import { steadyPacer } from "../steady-pacer.ts";
import type { ProlificFacts, TokenAnswer, TokenFacts, WorkspaceFacts } from "./facts.ts";

/** Asks Prolific what the token reaches. Changes nothing there. */
export async function gather(asked: Examination): Promise<ProlificFacts> {
  const { token, text } = tokenOf(asked);
  const { url, embeddedToken, close } = await endpointOf(asked.environment, asked);
  const client = prolificClient({ url, token: embeddedToken ?? text ?? "" }, steadyPacer(5), 2);
  const mayAsk = token.kind === "embedded" || token.kind === "there";
  try {
    const answer = mayAsk ? await me(client) : undefined;
    const { workspace, feeRate = 33_300, vatRate = 0 } = asked.settings ?? {};
    return {
      environment: asked.environment,
      host: client.host,
      token,
      answer,
      workspaces: answer?.kind === "known" ? await workspaces(client) : [],
      workspace,
      currencies: asked.currencies ?? [],
      feeRate,
      vatRate,
      leaks: asked.leaks,
    };
  } finally {
    client.close();
    await close();
  }
}

/** From the file that a person shows, or from this machine's settings. A pretend Prolific is shown none of them. */
function tokenOf({ environment, keyFiles }: Examination): { readonly token: TokenFacts; readonly text?: string } {
  if (environment === "simulator") return { token: { kind: "embedded" } };
  const [file] = keyFiles;
  const name = file ? basename(file.path) : "PROLIFIC_TOKEN";
  const written = file ? (file.text ?? "") : process.env["PROLIFIC_TOKEN"];
  if (!file && !written?.trim()) return { token: { kind: "missing" } };
  try {
    return { token: { kind: "there", name }, text: tokenIn({ PROLIFIC_TOKEN: written }) };
  } catch (thrown) {
    if (thrown instanceof PlatformFailure) return { token: { kind: "bad", name } };
    throw thrown;
  }
}

async function me(client: ProlificClient): Promise<TokenAnswer> {
  const answer = await client.ask("users/me/").catch(noAnswer);
  if (answer instanceof NoAnswer) return { kind: "unreachable", cause: answer.message };
  switch (answer.status) {
    case 200:
      return { kind: "known" };
    case 401:
      return { kind: "wrong" };
    case 403:
      return { kind: "denied" };
    default:
      return { kind: "trouble", message: [answer.status, errorText(answer.text)].filter(Boolean).join(" ") };
  }
}

async function workspaces(client: ProlificClient): Promise<readonly WorkspaceFacts[]> {
  const answer = await client.ask("workspaces/?limit=100&offset=0").catch(noAnswer);
  if (answer instanceof NoAnswer || answer.status !== 200) return [];
  const found: WorkspaceFacts[] = [];
  for (const row of listOf(fieldsOf(jsonOf(answer.text))["results"]).map(fieldsOf)) {
    const id = textIn(row, "id");
    if (id !== undefined) found.push({ id, title: textIn(row, "title") ?? id, available: await available(client, id) });
  }
  return found;
}

async function available(client: ProlificClient, workspace: string) {
  const answer = await client.ask(`workspaces/${workspace}/balance/`).catch(noAnswer);
  if (answer instanceof NoAnswer || answer.status !== 200) return undefined;
  const balance = fieldsOf(jsonOf(answer.text));
  const currency = currencyIn(balance, "currency_code");
  return currency && wholeMinor(balance["available_balance"], currency);
}

function noAnswer(thrown: unknown): NoAnswer {
  if (thrown instanceof NoAnswer) return thrown;
  throw thrown;
}
