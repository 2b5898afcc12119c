"""What gunicorn says of itself (a worker that hangs, a port that is taken) is a line like all others."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from launchkit import logs


class ServerLog(Logger):
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.formatter())
