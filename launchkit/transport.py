"""The embedded broker: Celery's filesystem transport, but a message comes into its folder whole.

The transport names a file first and fills it then; a worker that looks in between takes it empty and falls over it.
"""

from pathlib import Path
from time import monotonic
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: object, **kwargs: object) -> None:
        whole = Path(self.data_folder_out) / f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        part = whole.with_suffix(".part")  # a name that nobody looks for
        try:
            part.write_text(dumps(payload))
            part.replace(whole)
        except OSError as error:
            raise ChannelError(f"Cannot put {whole} down") from error


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES["folders"] = f"{__name__}:Transport"
