"""Reads the messages of TAK protocol version 1 of files, framed for a mesh or one stream; prints them as JSON.

Beside each stands what takproto makes of the same event in XML, read from the file of the last argument.
"""

import json
import sys
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import takproto
import takproto.delimited_protobuf as delimited
from google.protobuf.json_format import MessageToDict
from takproto.proto import TakMessage

*meshes, stream, documents = map(Path, sys.argv[1:])
of_mesh = [takproto.parse_proto(bytearray(mesh.read_bytes())) for mesh in meshes]

bytes_of_stream, of_stream = BytesIO(stream.read_bytes()), []
while magic := bytes_of_stream.read(1):
    assert magic == b"\xbf", magic
    of_stream.append(delimited.read(bytes_of_stream, TakMessage))

documents = documents.read_text().split("<?xml")[1:]
of_xml = [takproto.parse_proto(bytearray(("<?xml" + document).encode())) for document in documents]


def read(message):
    """An event; its XML in one form, so that blanks between elements and ways to escape make no difference."""
    event = MessageToDict(message)["cotEvent"]
    detail = f"<detail>{event['detail']['xmlDetail']}</detail>"
    event["detail"]["xmlDetail"] = ET.canonicalize(detail, strip_text=True)
    return event


print(json.dumps([[read(message) for message in kind] for kind in (of_mesh, of_stream, of_xml)]))
