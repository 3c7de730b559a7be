import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../../simulator/server.ts";
import { frontError, type Refusal } from "./refusal.ts";
import type { KnownKey, Switches } from "./switches.ts";

export interface Caller {
  /** `unknown` where the credentials could not be read and nobody minds. */
  readonly accessKeyId: string;
  readonly key?: KnownKey;
}

const SCOPE = { region: "us-east-1", service: "mturk-requester", end: "aws4_request" };
const SKEW_MS = 5 * 60_000;
const WRONG_SIGNATURE =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/**
 * Who calls (Signature Version 4), or why the front end refuses. Known keys are verified whatever the mode;
 * `lenient` takes every other key unseen. `hostNow` is the real time: signatures are made by the caller's real clock.
 */
export function authenticate(
  request: HttpRequest,
  keys: readonly KnownKey[],
  switches: Switches,
  hostNow: number,
): Caller | Refusal {
  const strict = switches.auth === "strict";
  const header = request.headers["authorization"];
  if (header === undefined) return frontError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
    header,
  );
  if (!parts) return frontError("IncompleteSignatureException", "Authorization header is not of Signature Version 4.");
  const [, credential = "", signedHeaders = "", signature = ""] = parts;
  const [accessKeyId = "", date = "", region = "", service = "", end = ""] = credential.split("/");

  const token = request.headers["x-amz-security-token"];
  if (token !== undefined && switches.sessionTokens === "refused") return invalidToken();
  const key = keys.find((each) => each.accessKeyId === accessKeyId);
  if (!key) return strict ? invalidToken() : { accessKeyId };

  const scoped = region === SCOPE.region && service === SCOPE.service && end === SCOPE.end;
  if (strict && !scoped)
    return invalidSignature(
      `Credential should be scoped to a valid region and service: ${SCOPE.region}, ${SCOPE.service}.`,
    );
  const time = request.headers["x-amz-date"] ?? "";
  const skewed = strict ? skewRefusal(time, hostNow) : undefined;
  if (skewed) return skewed;
  if (key.sessionToken !== undefined && token !== key.sessionToken) return invalidToken();
  if (key.expires !== undefined && Date.parse(key.expires) <= hostNow)
    return frontError("ExpiredTokenException", "The security token included in the request is expired");

  const canonical = canonicalRequest(request, signedHeaders);
  const scope = [date, region, service, end].join("/");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signingKey = [date, region, service, end].reduce<Buffer | string>(hmac, `AWS4${key.secretAccessKey}`);
  const expected = hmac(signingKey, text).toString("hex");
  const equal = expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  return equal ? { accessKeyId, key } : invalidSignature(WRONG_SIGNATURE);
}

/** What a key may not do; `*` stands for everything that is not a question. */
export function deniedTo(caller: Caller, operation: string): boolean {
  const denied = caller.key?.denied ?? [];
  return denied.includes(operation) || (denied.includes("*") && !/^(Get|List)/.test(operation));
}

export function accessDenied(operation: string): Refusal {
  return frontError(
    "AccessDeniedException",
    `User: arn:aws:iam::123456789012:user/simulator is not authorized to perform: mechanicalturk:${operation} because no identity-based policy allows the mechanicalturk:${operation} action`,
  );
}

function canonicalRequest({ method, path, headers, body }: HttpRequest, signedHeaders: string): string {
  const [pathname = "/", query = ""] = path.split("?");
  const lines = signedHeaders
    .split(";")
    .map((name) => `${name}:${(headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`);
  const payload = headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD" ? "UNSIGNED-PAYLOAD" : sha256(body);
  return [method, pathname, query.split("&").sort().join("&"), lines.join(""), signedHeaders, payload].join("\n");
}

function skewRefusal(time: string, hostNow: number): Refusal | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(time);
  const at = parts ? Date.UTC(...utc(parts)) : Number.NaN;
  if (Number.isNaN(at)) return frontError("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.");
  if (at + SKEW_MS < hostNow)
    return invalidSignature(
      `Signature expired: ${time} is now earlier than ${basic(hostNow - SKEW_MS)} (${basic(hostNow)} - 5 min.)`,
    );
  if (at - SKEW_MS > hostNow)
    return invalidSignature(
      `Signature not yet current: ${time} is still later than ${basic(hostNow + SKEW_MS)} (${basic(hostNow)} + 5 min.)`,
    );
  return undefined;
}

function utc(parts: RegExpExecArray): [number, number, number, number, number, number] {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return [year, month - 1, day, hour, minute, second];
}

const basic = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");
const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, data: string): Buffer => createHmac("sha256", key).update(data).digest();
const invalidSignature = (message: string) => frontError("InvalidSignatureException", message);
const invalidToken = () =>
  frontError("UnrecognizedClientException", "The security token included in the request is invalid.");
