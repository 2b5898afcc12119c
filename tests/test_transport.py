"""The embedded broker: a message comes into its folder whole, however closely that is watched."""

import os
import threading
from pathlib import Path

from kombu import Connection

from launchkit.celery import folders

COUNT = 300


def send(folder: Path) -> None:
    with Connection("folders://", transport_options=folders(folder)) as sender:
        queue = sender.SimpleQueue("mail")
        for number in range(COUNT):
            queue.put({"number": number})
        queue.close()


def receive(folder: Path) -> list[int]:
    taken = []
    with Connection("folders://", transport_options=folders(folder)) as receiver:
        queue = receiver.SimpleQueue("mail")
        for _message in range(COUNT):
            message = queue.get(timeout=5)
            message.ack()
            taken.append(message.payload["number"])
        queue.close()
    return taken


def test_a_message_is_never_seen_empty_and_each_is_taken(tmp_path):
    sender, sizes = threading.Thread(target=send, args=[tmp_path]), []
    sender.start()
    while sender.is_alive():
        if (tmp_path / "messages").exists():
            sizes += [one.stat().st_size for one in os.scandir(tmp_path / "messages") if one.name.endswith(".msg")]
    assert min(sizes) > 0
    assert sorted(receive(tmp_path)) == list(range(COUNT))
    assert os.listdir(tmp_path / "messages") == []
