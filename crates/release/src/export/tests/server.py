"""Sends the CoT of a file through a taky server from one pytak client to another; prints what arrives as JSON.

Arguments: the file, a folder for the server, how many events to wait for.
"""

import asyncio
import json
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from pathlib import Path

import pytak


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def configured(port):
    config = ConfigParser()
    config["pytak"] = {"COT_URL": f"tcp://127.0.0.1:{port}", "TAK_PROTO": "0"}
    return config["pytak"]


async def connected(config):
    for _ in range(100):
        try:
            return await pytak.protocol_factory(config)
        except OSError:
            await asyncio.sleep(0.2)
    raise SystemExit("taky did not begin to listen")


async def carried(events, port, wanted):
    config = configured(port)
    # A connection lasts as long as somebody holds both of its ends.
    (there, writer), (reader, here) = await connected(config), await connected(config)
    await asyncio.sleep(1)
    queue = asyncio.Queue()
    receiver = pytak.RXWorker(queue, config, reader)
    await pytak.TXWorker(asyncio.Queue(), config, writer).send_data(events)
    for _ in range(wanted):
        await asyncio.wait_for(receiver.run_once(), 20)
    del there, here
    return [queue.get_nowait() for _ in range(wanted)]


def read(event):
    root = ET.fromstring(event)
    point, detail = root.find("point"), root.find("detail")
    return {**root.attrib, **point.attrib, "callsign": detail.find("contact").get("callsign"),
            "remarks": detail.findtext("remarks")}


file, folder, wanted = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
port = free_port()
(folder / "taky.conf").write_text(
    f"[taky]\nbind_ip = 127.0.0.1\nroot_dir = {folder}\n[cot_server]\nport = {port}\n[dp_server]\nupload_path = {folder}\n"
)
server = subprocess.Popen([Path(sys.executable).with_name("taky"), "-l", "error", "-c", folder / "taky.conf"])
try:
    arrived = asyncio.run(carried(Path(file).read_bytes(), port, wanted))
finally:
    server.terminate()
    server.wait()
print(json.dumps([read(event) for event in arrived]))
