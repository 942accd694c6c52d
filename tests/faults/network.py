"""A network that can fail: a relay before every door, or before the database's socket, which cuts, holds back, or lets through one way only.

    network = Network()
    port = network.relay("127.0.0.1", 7101)    # connect to 127.0.0.1:port instead
    folder = network.relay_socket("/path/.s.PGSQL.5432", "/elsewhere")   # a socket of the same name in another folder
    network.fault(index, "cut")                # or "one_way", "delay"; "pass" mends it
"""
import asyncio
import pathlib
import threading


class Relay:
    """One listening port and the connections behind it. mode: pass, cut, one_way (nothing comes back), delay (0.3 s a piece)."""

    def __init__(self, connect):
        self.connect, self.mode, self.writers = connect, "pass", set()

    async def serve(self):
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def serve_socket(self, path):
        self.server = await asyncio.start_unix_server(self._accept, path)

    async def _accept(self, near_reader, near_writer):
        if self.mode == "cut":
            near_writer.close()
            return
        try:
            far_reader, far_writer = await self.connect()
        except OSError:
            near_writer.close()
            return
        self.writers |= {near_writer, far_writer}
        await asyncio.gather(self._pass(near_reader, far_writer, False), self._pass(far_reader, near_writer, True), return_exceptions=True)
        self.writers -= {near_writer, far_writer}

    async def _pass(self, reader, writer, back):
        try:
            while data := await reader.read(65536):
                if self.mode == "delay":
                    await asyncio.sleep(0.3)
                while back and self.mode == "one_way":
                    await asyncio.sleep(0.05)
                writer.write(data)
                await writer.drain()
        except (ConnectionError, OSError):
            pass
        finally:
            writer.close()

    def cut(self):
        for writer in list(self.writers):
            writer.transport.abort()


class Network:
    def __init__(self):
        self.loop, self.relays = asyncio.new_event_loop(), []
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def relay(self, host, port):
        relay = Relay(lambda: asyncio.open_connection(host, port))
        self.relays.append(relay)
        return asyncio.run_coroutine_threadsafe(relay.serve(), self.loop).result(5)

    def relay_socket(self, path, folder):
        relay = Relay(lambda: asyncio.open_unix_connection(path))
        self.relays.append(relay)
        folder.mkdir()
        asyncio.run_coroutine_threadsafe(relay.serve_socket(str(folder / pathlib.Path(path).name)), self.loop).result(5)
        return folder

    def fault(self, index, mode):
        relay = self.relays[index]
        relay.mode = mode
        if mode == "cut":
            self.loop.call_soon_threadsafe(relay.cut)
