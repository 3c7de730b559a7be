import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { giveOnce } from "./single-order.ts";

/** A server that does with each connection what it is told, and counts what arrives. */
async function serverThat(
  does: (socket: Socket, request: string) => void,
): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const opened = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      requests.push(bytes.toString("latin1"));
      does(socket, bytes.toString("latin1"));
    });
  });
  server = opened;
  await new Promise<void>((resolve) => {
    opened.listen(0, "127.0.0.1", resolve);
  });
  return { port: (opened.address() as AddressInfo).port, requests };
}

let server: Server | undefined;
afterEach(() => server?.close());

const give = (port: number, scheme = "http") =>
  giveOnce({ url: `${scheme}://127.0.0.1:${port}`, token: "secret" }, "bulk-bonus-payments/1/pay/");

test("it is one POST without a body, with the token, on a connection that is closed after it", async () => {
  const { port, requests } = await serverThat((socket) =>
    socket.end('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\nRetry-After: 7\r\n\r\n"ok"'),
  );
  expect(await give(port)).toEqual({ kind: "answered", answer: { status: 202, text: '"ok"', pauseMs: 7000 } });
  expect(requests).toHaveLength(1);
  const [head = ""] = requests[0]?.split("\r\n\r\n") ?? [];
  expect(head).toMatch(/^POST \/api\/v1\/bulk-bonus-payments\/1\/pay\/ HTTP\/1\.1\r\n/);
  expect(head).toContain("Authorization: Token secret");
  expect(head).toContain("Content-Length: 0");
  expect(head).toContain("Connection: close");
});

describe("what may have arrived is lost", () => {
  test.each([
    ["closed without an answer", (socket: Socket) => socket.destroy()],
    ["reset", (socket: Socket) => socket.resetAndDestroy()],
    ["cut in the head of the answer", (socket: Socket) => socket.end("HTTP/1.1 202 Acc")],
    [
      "cut in the body of the answer",
      (socket: Socket) => socket.end('HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\n"o'),
    ],
    ["answered in another language", (socket: Socket) => socket.end("SSH-2.0-OpenSSH\r\n\r\n")],
  ])("%s", async (_how, does) => {
    const { port, requests } = await serverThat(does);
    expect(await give(port)).toMatchObject({ kind: "lost" });
    expect(requests).toHaveLength(1);
  });

  test("an answer that never ends", async () => {
    const { port } = await serverThat((socket) => {
      socket.write("HTTP/1.1 202 Accepted\r\n\r\n");
      const more = () => socket.writable && socket.write("x".repeat(65_536), () => setImmediate(more));
      more();
    });
    expect(await give(port)).toEqual({ kind: "lost", cause: "an answer without end" });
  });
});

describe("without a connection nothing was sent", () => {
  test("nobody listens", async () => {
    const { port } = await serverThat(() => {});
    await new Promise((resolve) => server?.close(resolve));
    expect(await give(port)).toEqual({ kind: "not-sent", cause: "ECONNREFUSED" });
  });

  test("the name leads nowhere", async () => {
    const given = await giveOnce({ url: "http://nowhere.invalid", token: "secret" }, "x/");
    expect(given).toMatchObject({ kind: "not-sent" });
  });

  test("whoever listens speaks no TLS, so that the request with its token never left", async () => {
    const { port, requests } = await serverThat((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await give(port, "https")).toMatchObject({ kind: "not-sent" });
    expect(requests.join("")).not.toContain("secret");
  });
});
