package dev.thrum.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.process.Completed;
import dev.thrum.process.Subprocess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients of Python and of Node.
@Tag("peers")
@Tag("one-engine")
@Tag("slow") // starts programs
final class ScriptPeerTest {
  private static final String HTTPX =
      """
      import hashlib, httpx, ssl, sys
      plain, secure, authority, file = sys.argv[1:]
      data = open(file, "rb").read()
      for base, http2, version in ((plain, False, "HTTP/1.1"), (secure, True, "HTTP/2"),
                                   (secure, False, "HTTP/1.1")):
        trust = ssl.create_default_context(cafile=authority)
        with httpx.Client(base_url=base, http2=http2, http1=not http2, verify=trust,
                          trust_env=False) as client:
          for i in range(20):
            answer = client.get("/who")
            assert answer.status_code == 200 and answer.http_version == version
            assert answer.json()["version"] == version
          assert client.get("/words").text.startswith("some words")
          assert client.get("/file").content == data
          assert client.post("/echo", content=data).content == data
          assert client.post("/echo", content=iter([data[:1000], data[1000:]])).content == data
          part = client.get("/files/file.bin", headers={"Range": "bytes=10-19"})
          assert part.status_code == 206 and part.content == data[10:20]
          assert client.get("/nothing").status_code == 404
          with client.stream("GET", "/file") as some:
            next(some.iter_bytes(1000))
          assert client.get("/hello").text == "hello\\n"
        print(version)
      """;

  private static final String AIOHTTP =
      """
      import aiohttp, asyncio, ssl, sys
      plain, secure, authority, file = sys.argv[1:]
      data = open(file, "rb").read()
      trust = ssl.create_default_context(cafile=authority)
      async def main():
        for base in (plain, secure):
          async with aiohttp.ClientSession(base) as session:
            async def get(i):
              async with session.get("/hello?%d" % i, ssl=trust) as answer:
                return await answer.text()
            assert await asyncio.gather(*map(get, range(50))) == ["hello\\n"] * 50
            async with session.post("/echo", data=data, ssl=trust) as answer:
              assert await answer.read() == data
            form = aiohttp.FormData({"a": "b"})
            form.add_field("file", data, filename="x")
            async with session.post("/echo", data=form, ssl=trust) as answer:
              assert data in await answer.read()
            async with session.ws_connect("/ws", ssl=trust, compress=15, max_msg_size=0) as ws:
              for text in ("hello", "x" * 200000):
                await ws.send_str(text)
                assert (await ws.receive()).data == text
              await ws.send_bytes(data[:900000])
              assert (await ws.receive()).data == data[:900000]
            assert ws.close_code == 1000
            print("done")
      asyncio.run(main())
      """;

  private static final String WEBSOCKETS =
      """
      import asyncio, random, ssl, sys, websockets
      plain, secure, authority, file = sys.argv[1:]
      data = open(file, "rb").read()
      trust = ssl.create_default_context(cafile=authority)
      async def talk(url, **more):
        async with websockets.connect(url + "/ws", max_size=None, **more) as ws:
          for message in ("hello", "\\u20ac" * 20000, data[:200000], ""):
            await ws.send(message)
            assert await ws.recv() == message
          async def pieces():
            for i in range(10):
              yield "part %d " % i
          await ws.send(pieces())
          assert (await ws.recv()).startswith("part 0 part 1 ")
          await (await ws.ping(b"x"))
          await ws.close(4000, "enough")
          assert ws.close_code == 4000
      async def main():
        await talk(plain.replace("http", "ws"))
        await talk(plain.replace("http", "ws"), compression=None)
        await talk(secure.replace("http", "ws"), ssl=trust)
        await asyncio.gather(*[talk(plain.replace("http", "ws")) for i in range(3)])
        print("done")
      asyncio.run(main())
      """;

  /// With the WebSocket client of the package ws where it is installed, else with Node's own.
  private static final String NODE =
      """
      const assert = require('node:assert')
      const [plain, secure, file] = process.argv.slice(1)
      const data = require('node:fs').readFileSync(file)
      let Socket = globalThis.WebSocket
      try { Socket = require('ws') } catch (e) { assert(Socket, 'no WebSocket: install ws') }
      async function talk(url) {
        const socket = new Socket(url.replace('http', 'ws') + '/ws')
        socket.binaryType = 'arraybuffer'
        const messages = ['hello', 'x'.repeat(200000), data.subarray(0, 900000), '']
        await new Promise((done, failed) => {
          let at = 0
          const next = () => at < messages.length ? socket.send(messages[at]) : socket.close(1000)
          socket.onopen = next
          socket.onerror = failed
          socket.onclose = event =>
            event.code === 1000 ? done() : failed(new Error('closed with ' + event.code))
          socket.onmessage = event => {
            const want = messages[at++]
            const same = typeof want === 'string'
              ? event.data === want : Buffer.from(event.data).equals(want)
            if (same) next()
            else failed(new Error('another message came back'))
          }
        })
      }
      async function main() {
        for (const base of [plain, secure]) {
          for (let i = 0; i < 20; i++)
            assert.equal(await (await fetch(base + '/hello')).text(), 'hello\\n')
          const all = await Promise.all(
            [...Array(50)].map(async () => (await fetch(base + '/words')).text()))
          assert(all.every(text => text.startsWith('some words')))
          const echoed = await fetch(base + '/echo', {method: 'POST', body: data})
          assert(Buffer.from(await echoed.arrayBuffer()).equals(data))
          const parts = new ReadableStream({start(to) {
            to.enqueue(data.subarray(0, 1000)); to.enqueue(data.subarray(1000)); to.close() }})
          const streamed =
            await fetch(base + '/echo', {method: 'POST', body: parts, duplex: 'half'})
          assert(Buffer.from(await streamed.arrayBuffer()).equals(data))
          const leaving = new AbortController()
          const some = await fetch(base + '/file', {signal: leaving.signal})
          await some.body.getReader().read()
          leaving.abort()
          await talk(base)
          console.log('done')
        }
      }
      main().then(() => process.exit(0), e => { console.log(e); process.exit(1) })
      """;

  private static final String AUTHORITY = Keys.authority().toString();

  @TempDir Path folder;

  /// Client to be run against the two servers.
  @FunctionalInterface
  private interface Client {
    Completed run(String plain, String secure, String file) throws Exception;
  }

  private void check(String expected, Client client) throws Exception {
    PeerApp app = new PeerApp(folder);
    app.serve(
        settings -> settings,
        plain -> {
          try (Server secure = app.open(settings -> settings.tls(Keys.server(true)))) {
            String file = folder.resolve("file.bin").toString();
            Completed done =
                client.run(
                    "http://localhost:" + plain.port(), "https://localhost:" + secure.port(), file);
            assertEquals(List.of(expected.split(" ")), PeerApp.lines(done.stdout()));
          }
        });
  }

  private static Client python(String script) {
    return (plain, secure, file) ->
        PeerApp.python(script, plain, secure, AUTHORITY, file)
            .env("SSL_CERT_FILE", AUTHORITY)
            .run();
  }

  @Test
  void httpxSpeaksBothVersions() throws Exception {
    check("HTTP/1.1 HTTP/2 HTTP/1.1", python(HTTPX));
  }

  @Test
  void aiohttpAsksAndTalks() throws Exception {
    check("done done", python(AIOHTTP));
  }

  @Test
  void websocketsTalks() throws Exception {
    check("done", python(WEBSOCKETS));
  }

  @Test
  void nodeAsksAndTalks() throws Exception {
    check(
        "done done",
        (plain, secure, file) ->
            Subprocess.command("node", "--no-warnings", "-e", NODE, plain, secure, file)
                .env("NODE_EXTRA_CA_CERTS", AUTHORITY)
                .env(
                    "NODE_PATH",
                    "/usr/share/nodejs:" + System.getenv().getOrDefault("NODE_PATH", ""))
                .mergeStderr()
                .run());
  }
}
